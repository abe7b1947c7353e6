import type { LoadedConfig } from "../config/load-config.ts";
import type { CliIo } from "./cli-io.ts";
import type { OpenCliSystem } from "./cli-system.ts";
import type { ExitCode } from "./exit-codes.ts";
import type { FlagSpec, FlagValues } from "./flags.ts";
import type { ServeHttp } from "./http-server.ts";
import type { Screen } from "./screen.ts";

/** What a command is given. */
export interface CommandContext {
  readonly io: CliIo;
  readonly screen: Screen;
  readonly flags: FlagValues;
  readonly positionals: readonly string[];
  readonly signal: AbortSignal;
  readonly openSystem: OpenCliSystem;
  readonly serveHttp: ServeHttp;
  /** Reads the configuration with the flags of this command line. */
  readonly loadConfig: () => Promise<LoadedConfig>;
}

/** Carries out a command. Resolves to the exit code; expected failures reject with an `OpError`. */
export type RunCommand = (context: CommandContext) => Promise<ExitCode>;

/** An argument that is not a flag. */
export interface PositionalSpec {
  readonly name: string;
  readonly isRequired: boolean;
  /** Takes all that follow. */
  readonly isRest?: boolean;
  readonly choices?: readonly string[];
}

/** Commands that share their first word. */
export interface CommandGroup {
  readonly name: string;
  readonly summary: string;
}

/** A command as the command line, the help and the completions know it. */
export interface CommandSpec {
  /** One word, or the name of its group and one more. */
  readonly name: string;
  readonly summary: string;
  readonly positionals: readonly PositionalSpec[];
  readonly flags: readonly FlagSpec[];
  readonly examples: readonly string[];
  /** Loads the code: a command costs nothing until it is used. */
  readonly load: () => Promise<RunCommand>;
}
