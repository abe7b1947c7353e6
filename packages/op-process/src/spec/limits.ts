/** What a child may use. What is left out is not limited. */
export interface Limits {
  /** Time since the start; then SIGTERM, the grace, SIGKILL. */
  readonly wallTimeMs?: number;
  /** Processor time of the child and everything it started. */
  readonly cpuTimeMs?: number;
  /** Resident memory of the child and everything it started. */
  readonly memoryBytes?: number;
  /** Processes and threads at one time. A Node child has about a dozen threads. */
  readonly processes?: number;
  /** Open files of each process. */
  readonly openFiles?: number;
  /** Size of a file that is written. */
  readonly fileBytes?: number;
  /** Address space of each process. Node needs more than two gigabytes: limit its `memoryBytes` instead. */
  readonly addressSpaceBytes?: number;
  /** Bytes of stdout and stderr together. What comes after is cut off. */
  readonly outputBytes?: number;
  /** Processors, for example 0.5. Needs the cpu controller of cgroup v2. */
  readonly cpus?: number;
}

/** A limit that ends a child. The others make its calls fail. */
export type LimitName =
  | "wallTime"
  | "cpuTime"
  | "memory"
  | "processes"
  | "fileBytes"
  | "outputBytes";
