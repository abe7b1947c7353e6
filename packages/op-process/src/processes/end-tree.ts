import { sleep, type Clock } from "op-core";
import type { Cgroup } from "../cgroups/cgroup.ts";
import { isAlive, readProcess, readProcessTable, type ProcessEntry } from "./process-table.ts";
import { findMembers, type ProcessTraces } from "./process-traces.ts";
import { sendSignal } from "./send-signal.ts";

/** A child's processes: by its cgroup where it has one, and by the traces they leave. */
export interface ProcessTree {
  readonly cgroup?: Cgroup | undefined;
  /** Whether no process can have left the cgroup; then nobody is looked for elsewhere. */
  readonly isSealed: boolean;
  readonly traces: ProcessTraces;
}

const longestPauseMs = 50;

/** Kills every process of a child, stopped ones too, and resolves when none is left. */
export async function endTree(tree: ProcessTree, clock: Clock): Promise<void> {
  for (let pauseMs = 1; !killOnce(tree); pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    await sleep(pauseMs, { clock });
  }
}

/** Kills whom it finds, and says whether there was nobody. */
function killOnce({ cgroup, isSealed, traces }: ProcessTree): boolean {
  const isPopulated = cgroup?.isPopulated() ?? false;
  if (isPopulated) cgroup?.kill();
  const members = isSealed ? findLeader(traces) : findMembers(readProcessTable(), traces);
  // Whoever keeps starting processes is stopped first, so that it cannot run away from this list.
  for (const { pid } of members) sendSignal(pid, "SIGSTOP");
  for (const { pid } of members) sendSignal(pid, "SIGKILL");
  return !isPopulated && members.length === 0;
}

/** The first process, which may not have joined its cgroup yet; before that it starts nobody. */
function findLeader({ leader }: ProcessTraces): ProcessEntry[] {
  const entry = leader === undefined ? undefined : readProcess(leader.pid);
  return entry !== undefined && entry.startTime === leader?.startTime && isAlive(entry)
    ? [entry]
    : [];
}
