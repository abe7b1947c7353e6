import { expect, test } from "vitest";
import { inspectSandbox, sandboxLevels } from "../../src/index.ts";
import { createReport } from "../../src/sandbox/inspect-sandbox.ts";
import { chooseLevel } from "../../src/spawner/choose-level.ts";
import type { MechanismReport, SandboxMechanism, SpawnSpec } from "../../src/index.ts";

const all = ["prlimit", "setpriv", "user-switch", "bubblewrap", "seccomp", "cgroup"] as const;

function reportWithout(...missing: readonly SandboxMechanism[]) {
  return createReport(
    all.map((mechanism): MechanismReport => {
      const isAvailable = !missing.includes(mechanism);
      const advice = `Install ${mechanism}.`;
      return { mechanism, isAvailable, detail: isAvailable ? "works" : "not installed", advice };
    }),
  );
}

function choose(sandbox: SpawnSpec["sandbox"], ...missing: readonly SandboxMechanism[]) {
  return chooseLevel(
    { argv: ["x"], cwd: "/", ...(sandbox && { sandbox }) },
    reportWithout(...missing),
  );
}

test("tells what works here, and what would help where something does not", async () => {
  const report = await inspectSandbox({ signal: new AbortController().signal });
  expect(report.levels.map(({ level }) => level)).toEqual([...sandboxLevels]);
  expect(sandboxLevels).toContain(report.strongest);
  expect(report.mechanisms).toHaveLength(11);
  for (const { isAvailable, detail, advice } of report.mechanisms) {
    expect(detail).not.toBe("");
    expect(isAvailable || advice !== undefined).toBe(true);
  }
});

test("a level needs what the levels below it need", () => {
  expect(reportWithout().strongest).toBe("full");
  expect(reportWithout("seccomp").strongest).toBe("namespaces");
  expect(reportWithout("bubblewrap").strongest).toBe("user");
  expect(reportWithout("setpriv").strongest).toBe("limits");
  expect(reportWithout("prlimit").strongest).toBe("none");
  expect(reportWithout("cgroup")).toMatchObject({ strongest: "full", containment: "traces" });
});

test("a child gets the level it wants, never a lower one than it needs", () => {
  expect(choose(undefined)).toBe("full");
  expect(choose({ level: "user" })).toBe("user");
  expect(choose({ level: "full", least: "limits" }, "bubblewrap")).toBe("user");
  expect(() => choose(undefined, "bubblewrap")).toThrow(
    '"x" was not started: it needs the isolation full, here is user (bubblewrap: not installed).',
  );
  expect(() => choose({ level: "full", least: "user" }, "setpriv")).toThrow("setpriv");
});
