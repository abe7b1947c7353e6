import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  isFinal,
  nextAgentState,
  type AgentHappening,
  type AgentState,
  type AgentStateKind,
} from "../../src/supervisor/agent-state.ts";

const happening: fc.Arbitrary<AgentHappening> = fc.oneof(
  fc.constantFrom<AgentHappening>({ kind: "spawned" }, { kind: "ready" }, { kind: "drain-asked" }),
  fc.record({
    kind: fc.constant("end-decided" as const),
    ending: fc.record({
      as: fc.constantFrom("failed" as const, "killed" as const),
      reason: fc.string(),
    }),
  }),
  fc.record({ kind: fc.constant("exited" as const), isClean: fc.boolean(), detail: fc.string() }),
);

const allowed: Readonly<Record<AgentStateKind, readonly AgentStateKind[]>> = {
  spawning: ["starting", "failed", "killed"],
  starting: ["running", "failed", "killed"],
  running: ["draining", "stopped", "failed", "killed"],
  draining: ["stopped", "failed", "killed"],
  stopped: [],
  failed: [],
  killed: [],
};

/** Every state that a life goes through, from the first. */
function live(happenings: readonly AgentHappening[]): AgentState[] {
  const states: AgentState[] = [{ kind: "spawning" }];
  for (const each of happenings) states.push(nextAgentState(states.at(-1)!, each));
  return states;
}

function expectAlways(law: (happenings: AgentHappening[]) => boolean) {
  const property = fc.property(fc.array(happening, { maxLength: 12 }), law);
  expect(() => fc.assert(property, { seed: 4, numRuns: 2000 })).not.toThrow();
}

describe("the life of an agent", () => {
  it("goes only the ways that there are", () => {
    expectAlways((happenings) =>
      live(happenings).every(({ kind }, at, states) => {
        const before = states[at - 1]?.kind ?? kind;
        return kind === before || allowed[before].includes(kind);
      }),
    );
  });

  it("is over when, and only when, the process has ended", () => {
    expectAlways((happenings) => {
      const end = happenings.findIndex(({ kind }) => kind === "exited");
      return live(happenings).every((state, at) => isFinal(state) === (end !== -1 && at > end));
    });
  });

  it("does not change any more when it is over", () => {
    expectAlways((happenings) => {
      const over = live(happenings).filter(isFinal);
      return over.every((state) => state === over[0]);
    });
  });

  it("ends as it was decided first", () => {
    expectAlways((happenings) => {
      const first = happenings.find(({ kind }) => kind === "end-decided" || kind === "exited");
      const last = live(happenings).at(-1)!;
      if (first?.kind !== "end-decided" || !isFinal(last)) return true;
      return last.kind === first.ending.as && last.reason === first.ending.reason;
    });
  });

  it("is no success before it was ready", () => {
    const gone = nextAgentState(
      { kind: "starting" },
      { kind: "exited", isClean: true, detail: "it left" },
    );
    expect(gone).toEqual({ kind: "failed", reason: "it left" });
  });
});
