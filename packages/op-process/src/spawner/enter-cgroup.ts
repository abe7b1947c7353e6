import { text } from "node:stream/consumers";
import type { Cgroup } from "../cgroups/cgroup.ts";
import { isAlive, readProcess } from "../processes/process-table.ts";
import { readEnd, writeEnd } from "../sandbox/launch-pipes.ts";
import type { LaunchPlan } from "../sandbox/plan-launch.ts";
import type { Executed } from "./execute.ts";

/**
 * Puts a child that waits at its gate into its cgroup, with the first process of its namespace, and lets it go on: what it
 * starts from there is born inside. A child without a gate sees to it itself. Throws the kernel's reason when it refuses.
 */
export async function enterCgroup(
  { child, leader }: Pick<Executed, "child" | "leader">,
  { pipes }: Pick<LaunchPlan, "pipes">,
  cgroup: Cgroup | undefined,
): Promise<void> {
  const word = readEnd(child, pipes, "init");
  if (word === undefined || cgroup === undefined) return;
  // The kernel moves nobody before all processors have taken note, which takes longer than making the namespaces.
  const [init] = await Promise.all([readInit(text(word)), join(cgroup, leader.pid)]);
  // Without one it has failed by now, and says so by its exit.
  if (init !== undefined) await join(cgroup, init);
  writeEnd(child, pipes, "gate")?.end("1");
}

/** Bubblewrap says this in JSON, and nothing when it fails before. */
async function readInit(word: Promise<string>): Promise<number | undefined> {
  const pid = /"child-pid":\s*(\d+)/u.exec(await word)?.[1];
  return pid === undefined ? undefined : Number(pid);
}

async function join(cgroup: Cgroup, pid: number): Promise<void> {
  try {
    await cgroup.add(pid);
  } catch (error) {
    const entry = readProcess(pid);
    // Who has ended can't be moved, and need not be.
    if (entry !== undefined && isAlive(entry)) throw error;
  }
}
