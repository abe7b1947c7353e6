import type { Readable, Writable } from "node:stream";
import type { SandboxLevel } from "../sandbox/sandbox-level.ts";
import type { ExitStatus } from "../spec/exit-status.ts";
import type { ResourceUsage } from "../spec/resource-usage.ts";

/** How to kill a child. */
export interface KillOptions {
  /** How long it may take to leave after SIGTERM; 0 kills at once. Default: the child's own grace. */
  readonly graceMs?: number;
}

/** A child that runs, or has ended. Disposing kills it at once. */
export interface ChildHandle extends AsyncDisposable {
  /** The first process, on the machine; from level `namespaces` that is bubblewrap. */
  readonly pid: number;
  /** The level it really runs at. */
  readonly level: SandboxLevel;
  /** What is written after the child stopped reading is dropped; the callback of the write says so. */
  readonly stdin: Writable;
  /** Must be read: a child whose output nobody reads stops. */
  readonly stdout: Readable;
  /** Must be read too. */
  readonly stderr: Readable;
  /** Resolves when the first process ended and nothing that it started is left. Never rejects. */
  readonly exited: Promise<ExitStatus>;
  /** SIGTERM to the group, the grace, SIGKILL to everything; resolves when nothing is left. */
  kill(options?: KillOptions): Promise<ExitStatus>;
  /** Sends any signal to the group. */
  signal(signal: NodeJS.Signals): void;
  /** What it uses now, or when it has ended, what it had used. */
  usage(): Promise<ResourceUsage>;
}
