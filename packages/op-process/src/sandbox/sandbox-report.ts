import type { SandboxLevel } from "./sandbox-level.ts";

/** What isolation is made of. */
export type SandboxMechanism =
  | "prlimit"
  | "setpriv"
  | "user-switch"
  | "bubblewrap"
  | "seccomp"
  | "cgroup"
  | "cgroup-memory"
  | "cgroup-pids"
  | "cgroup-cpu"
  | "landlock"
  | "node-permissions";

/** Whether a mechanism works here. */
export interface MechanismReport {
  readonly mechanism: SandboxMechanism;
  readonly isAvailable: boolean;
  /** What was found, or why not. */
  readonly detail: string;
  /** What would make it available. */
  readonly advice?: string;
}

/** Whether a level can be had here. */
export interface LevelReport {
  readonly level: SandboxLevel;
  /** What it needs and this machine lacks. */
  readonly missing: readonly SandboxMechanism[];
}

/** How it is made sure that nothing of a child is left. */
export type Containment =
  /** The kernel ends all members of a cgroup at once. */
  | "cgroup"
  /** From level `namespaces` the kernel ends the namespace; below it, processes are found by their traces. */
  | "traces";

/** What isolation this machine offers, as tried out. */
export interface SandboxReport {
  readonly strongest: SandboxLevel;
  readonly containment: Containment;
  readonly levels: readonly LevelReport[];
  readonly mechanisms: readonly MechanismReport[];
}
