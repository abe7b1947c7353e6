import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { systemClock } from "op-core";
import { expect, test } from "vitest";
import { endCgroupTree, openCgroupTree, toSettings } from "../../src/cgroups/cgroup-tree.ts";

test("limits become the settings of controllers", () => {
  expect(toSettings({ memoryBytes: 1_000, processes: 5, cpus: 0.5 })).toEqual([
    ["memory.max", "1000"],
    ["memory.swap.max", "0"],
    ["memory.oom.group", "1"],
    ["pids.max", "7"],
    ["cpu.max", "50000 100000"],
  ]);
  expect(toSettings({ openFiles: 5 })).toEqual([]);
});

const tree = openCgroupTree();
const reason = "refused" in tree ? `: ${tree.refused}` : "";

test.skipIf("refused" in tree)(`a tree kills its members and goes away${reason}`, async () => {
  if ("refused" in tree) return;
  const group = tree.createChild("one", {});
  const child = spawn("sleep", ["1000"]);
  writeFileSync(join(group.path, "cgroup.procs"), String(child.pid));
  expect(group.isPopulated()).toBe(true);
  expect(group.readUsage()).toMatchObject({ members: [child.pid], processes: 1 });
  const exited = once(child, "exit");
  await endCgroupTree(tree.path, systemClock);
  expect(await exited).toEqual([null, "SIGKILL"]);
  expect(existsSync(tree.path)).toBe(false);
});
