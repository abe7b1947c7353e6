import { describe, expect, it } from "vitest";
import { defaultRestartPolicy } from "../../src/spec/define-agent.ts";
import { decideRestart } from "../../src/supervisor/restart-policy.ts";

const random = () => 0;
const failed = (failures: number) => ({ state: "failed", failures }) as const;
const left = { state: "stopped", failures: 0 } as const;

describe("an agent that failed", () => {
  it("comes back later each time, and is given up in the end", () => {
    const decisions = [1, 2, 3, 6].map((count) =>
      decideRestart(defaultRestartPolicy, failed(count), random),
    );
    expect(decisions).toEqual([
      { kind: "restart", delayMs: 100 },
      { kind: "restart", delayMs: 200 },
      { kind: "restart", delayMs: 400 },
      { kind: "give-up", reason: "it failed 6 times in a row" },
    ]);
  });

  it("does not come back where nobody wants that", () => {
    const policy = { ...defaultRestartPolicy, when: "never" } as const;
    expect(decideRestart(policy, failed(1), random).kind).toBe("give-up");
  });
});

describe("an agent that left with success", () => {
  it.each(["never", "on-failure"] as const)("may go: %s", (when) => {
    expect(decideRestart({ ...defaultRestartPolicy, when }, left, random)).toEqual({
      kind: "let-go",
    });
  });

  it("comes back at once where it always does", () => {
    const policy = { ...defaultRestartPolicy, when: "always" } as const;
    expect(decideRestart(policy, left, random)).toEqual({ kind: "restart", delayMs: 0 });
  });
});
