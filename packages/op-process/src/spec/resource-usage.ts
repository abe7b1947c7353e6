/** What a child and everything it started use. */
export interface ResourceUsage {
  /** Processor time so far. Without a cgroup, a lower bound. */
  readonly cpuMs: number;
  /** Resident memory. Without the memory controller, pages shared by processes count for each. */
  readonly memoryBytes: number;
  /** Processes that are alive, those of the sandbox included. */
  readonly processes: number;
}

/** Nothing used. */
export const noUsage: ResourceUsage = { cpuMs: 0, memoryBytes: 0, processes: 0 };
