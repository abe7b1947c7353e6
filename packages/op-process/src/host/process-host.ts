import type { Clock, Logger } from "op-core";
import type { SandboxReport } from "../sandbox/sandbox-report.ts";
import type { SpawnSpec } from "../spec/spawn-spec.ts";
import type { ChildHandle } from "./child-handle.ts";

/** Starts children that never become orphans. Disposing kills them all. */
export interface ProcessHost extends AsyncDisposable {
  /**
   * Starts a child, or throws and leaves nothing behind. When the signal aborts later, the child is killed.
   *
   * @throws {SpawnError} the program can't be started.
   * @throws {SandboxUnavailableError} the machine lacks the isolation or the limit that was asked for.
   */
  spawn(spec: SpawnSpec, options: { readonly signal: AbortSignal }): Promise<ChildHandle>;
  /** What isolation children get here. */
  inspectSandbox(options: { readonly signal: AbortSignal }): Promise<SandboxReport>;
  /** The children that run. */
  readonly children: readonly ChildHandle[];
  /** The process that starts them, while there is one; it comes back with the next start. */
  readonly spawnerPid: number | undefined;
}

/** What a host takes. */
export interface ProcessHostOptions {
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
  readonly logger?: Logger;
  /** Whether children get cgroups where this process may make them. Default: true. */
  readonly useCgroups?: boolean;
  /** The program of the spawner, for those who bundle this package into one file: see `op-process/spawner`. */
  readonly spawnerFile?: string;
}
