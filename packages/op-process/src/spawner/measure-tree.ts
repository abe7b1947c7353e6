import { pageSizeBytes } from "../processes/page-size.ts";
import { readProcess, readProcessTable, type ProcessEntry } from "../processes/process-table.ts";
import { findRelatives } from "../processes/process-traces.ts";
import type { ProcessTree } from "../processes/end-tree.ts";
import type { ResourceUsage } from "../spec/resource-usage.ts";

/** What is measured of a child; threads count where processes are limited. */
export interface Measurement extends ResourceUsage {
  readonly threads: number;
}

/** Measures a child's processes: by its cgroup as far as that goes, and in `/proc`. */
export function measureTree({ cgroup, traces }: ProcessTree): Measurement {
  const counted = cgroup?.readUsage();
  const entries =
    counted === undefined ? findRelatives(readProcessTable(), traces) : counted.members;
  const processes = entries
    .map((entry) => (typeof entry === "number" ? readProcess(entry) : entry))
    .filter((entry) => entry !== undefined);
  return {
    processes: processes.length,
    threads: sum(processes, ({ threads }) => threads),
    cpuMs: counted?.cpuMs ?? sum(processes, ({ cpuMs }) => cpuMs),
    memoryBytes:
      counted?.memoryBytes ??
      sum(processes, ({ residentPages }) => residentPages) * pageSizeBytes(),
  };
}

/** A later measurement after an earlier one: time does not go back, and what has ended keeps what it had. */
export function laterUsage(before: ResourceUsage, now: ResourceUsage): ResourceUsage {
  const { memoryBytes, processes } = now.processes === 0 ? before : now;
  return { cpuMs: Math.max(before.cpuMs, now.cpuMs), memoryBytes, processes };
}

function sum(entries: readonly ProcessEntry[], of: (entry: ProcessEntry) => number): number {
  return entries.reduce((total, entry) => total + of(entry), 0);
}
