import type { Readable, Writable } from "node:stream";
import type { ExitStatus, Limits, ResourceUsage, SandboxProfile } from "op-process";

/** Where programs run. Two backends with the same `id` are the same place. */
export interface Place {
  /** What kind of place: `native`, a container engine, a host over ssh. */
  readonly kind: string;
  readonly id: string;
  /** What a person calls it. */
  readonly name: string;
  readonly platform: string;
}

/** Whether a place can start programs now. */
export interface BackendHealth {
  readonly isHealthy: boolean;
  /** The isolation that a program gets, in the words of the place. */
  readonly isolation: string;
  readonly detail: string;
}

/** A program to start at a place. */
export interface Launch {
  /** The program and its arguments, as they are: no shell reads them. */
  readonly argv: readonly [string, ...string[]];
  /** An absolute path at the place. Default: the workspace, or the root. */
  readonly cwd?: string;
  /** The whole environment. */
  readonly env?: Readonly<Record<string, string>>;
  readonly sandbox?: SandboxProfile;
  readonly limits?: Limits;
  /** How long it may take to leave after it was asked to. */
  readonly graceMs?: number;
  /** A folder for its files, which it may write. */
  readonly workspace?: Workspace;
}

/** A program that runs at a place. Disposing kills it at once. */
export interface Execution extends AsyncDisposable {
  /** How the place calls it: a process, a container. */
  readonly id: string;
  readonly isolation: string;
  readonly stdin: Writable;
  /** Must be read. */
  readonly stdout: Readable;
  /** Must be read. */
  readonly stderr: Readable;
  /** Resolves when nothing of it is left. Never rejects. */
  readonly exited: Promise<ExitStatus>;
  signal(signal: NodeJS.Signals): void;
  /** Resolves when nothing of it is left. */
  kill(options?: { readonly graceMs?: number }): Promise<ExitStatus>;
  usage(): Promise<ResourceUsage>;
}

/** A folder at a place for files that go in and come out. Disposing removes it. */
export interface Workspace extends AsyncDisposable {
  /** Its path, as programs at the place see it. */
  readonly path: string;
  /** Puts a file in. A name has no slash. */
  write(
    name: string,
    content: Uint8Array,
    options: { readonly signal: AbortSignal },
  ): Promise<void>;
  /** Takes a regular file out; links and devices are refused, because a program may have made them. */
  read(
    name: string,
    options: { readonly signal: AbortSignal; readonly maxBytes: number },
  ): Promise<Uint8Array>;
  list(options: { readonly signal: AbortSignal }): Promise<readonly string[]>;
}

/** A place where programs run: this machine, a container engine, another host. Disposing ends all of them. */
export interface ExecutionBackend extends AsyncDisposable {
  readonly place: Place;
  /** Starts a program, or throws and leaves nothing behind. When the signal aborts later, it is killed. */
  start(launch: Launch, options: { readonly signal: AbortSignal }): Promise<Execution>;
  openWorkspace(options: { readonly signal: AbortSignal }): Promise<Workspace>;
  health(options: { readonly signal: AbortSignal }): Promise<BackendHealth>;
}
