import type { SandboxProfile } from "../sandbox/sandbox-profile.ts";
import type { Limits } from "./limits.ts";

/** What to do with a standard stream: a stream to the caller, or `/dev/null`. */
export type StdioMode = "pipe" | "ignore";

/** The standard streams; each is a pipe unless it says otherwise. */
export interface Stdio {
  readonly stdin?: StdioMode;
  readonly stdout?: StdioMode;
  readonly stderr?: StdioMode;
}

/** A child to start. */
export interface SpawnSpec {
  /** The program and its arguments, as they are: no shell reads them. A name without a slash is looked up in `env.PATH`. */
  readonly argv: readonly [string, ...string[]];
  /** An absolute path. */
  readonly cwd: string;
  /** The whole environment. Nothing is inherited. */
  readonly env?: Readonly<Record<string, string>>;
  readonly stdio?: Stdio;
  /** Without one: the level `full`, with no network. */
  readonly sandbox?: SandboxProfile;
  readonly limits?: Limits;
  /** How long a child may take to leave after SIGTERM. Default: 2,000. */
  readonly graceMs?: number;
}
