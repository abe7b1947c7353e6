import type { LoadedConfig } from "../config/load-config.ts";
import type { CliIo } from "./cli-io.ts";
import type { ExitCode } from "./exit-codes.ts";

/** Where MCP is served, for people. */
export interface ServedAt {
  /** Every listener, as clients write it. */
  readonly urls: readonly string[];
  /** The URL for clients on this machine; absent where there are Unix sockets only. */
  readonly endpoint: string | undefined;
  /** The token by which programs of this user are let in, unless it is switched off. */
  readonly localToken: { readonly path: string; readonly text: string } | undefined;
}

/** What serving takes. */
export interface ServeHttpOptions {
  readonly loaded: LoadedConfig;
  readonly io: CliIo;
  /** Ctrl-C. */
  readonly signal: AbortSignal;
  /** Called once, when clients can come. */
  readonly onServing: (where: ServedAt) => Promise<void>;
}

/** Serves MCP over the network until it is told to leave. Resolves to the exit code. */
export type ServeHttp = (options: ServeHttpOptions) => Promise<ExitCode>;
