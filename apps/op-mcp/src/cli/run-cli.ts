import type { LoadConfigOptions } from "../config/load-config.ts";
import { toFlagSetting, type FlagSetting } from "../config/flag-setting.ts";
import type { CliIo } from "./cli-io.ts";
import type { OpenCliSystem } from "./cli-system.ts";
import type { CommandContext } from "./command.ts";
import { commandGroups, commands } from "./commands.ts";
import { describeFailure, failureToJson } from "./describe-failure.ts";
import { type ExitCode, exitCodeOf, exitCodes } from "./exit-codes.ts";
import type { FlagValues } from "./flags.ts";
import type { ServeHttpOptions } from "./http-server.ts";
import { type ParsedArguments, parseArguments } from "./parse-arguments.ts";
import { Screen, wantsColour } from "./screen.ts";

/** What a run of the command line takes. */
export interface RunCliOptions {
  readonly argv: readonly string[];
  readonly io: CliIo;
  readonly signal: AbortSignal;
  readonly openSystem: OpenCliSystem;
  /** Serves MCP on stdin and stdout: what op-mcp does without a command. */
  readonly serve: (options: LoadConfigOptions) => Promise<number>;
  /** Serves MCP over the network. */
  readonly serveHttp: (config: LoadConfigOptions, options: ServeHttpOptions) => Promise<ExitCode>;
}

/** Runs one command line. Resolves to the exit code, and rejects for nothing. */
export async function runCli(options: RunCliOptions): Promise<number> {
  const { argv, io, signal } = options;
  try {
    return await run(options, parseArguments(argv, { commands, groups: commandGroups }));
  } catch (error) {
    if (signal.aborted) return exitCodes.interrupted;
    if (argv.includes("--json")) io.stdout.write(`${JSON.stringify(failureToJson(error))}\n`);
    io.stderr.write(describeFailure(error));
    return exitCodeOf(error);
  }
}

async function run(options: RunCliOptions, parsed: ParsedArguments): Promise<number> {
  const { io, serve } = options;
  const { command, group, flags } = parsed;
  const context = toContext(options, parsed);
  if (flags.has("version")) return (await import("./commands/version.ts")).runVersion(context);
  if (flags.has("help")) return showHelp(context, (command ?? group)?.name.split(" ") ?? []);
  if (command !== undefined) return (await command.load())(context);
  if (io.stdin.isTTY === true) return showHelp(context, []);
  return serve(toConfigOptions(io, flags));
}

async function showHelp(
  context: CommandContext,
  positionals: readonly string[],
): Promise<ExitCode> {
  const { runHelp } = await import("./commands/help.ts");
  return runHelp({ ...context, positionals });
}

function toContext(
  { io, signal, openSystem, serveHttp }: RunCliOptions,
  { flags, positionals }: ParsedArguments,
): CommandContext {
  return {
    io,
    screen: new Screen(io.stdout, { hasColour: wantsColour(io, flags.has("no-color")) }),
    flags,
    positionals,
    signal,
    openSystem,
    serveHttp: (serving) => serveHttp(toConfigOptions(io, flags), serving),
    loadConfig: async () => {
      const { loadConfig } = await import("../config/load-config.ts");
      return loadConfig(toConfigOptions(io, flags));
    },
  };
}

function toConfigOptions({ env, cwd }: CliIo, flags: FlagValues): LoadConfigOptions {
  const short = [
    ["log-level", "log.level"],
    ["mode", "disclosure.mode"],
  ] as const;
  const named = short.flatMap(([flag, path]) =>
    flags.all(flag).map((text) => ({ flag: `--${flag} ${text}`, path, text })),
  );
  const set = flags.all("set").map(toFlagSetting);
  return {
    env,
    cwd,
    file: flags.text("config"),
    settings: [...set, ...named, ...listeners(flags)],
  };
}

/** All of a command line's listeners take the place of those configured. */
function listeners(flags: FlagValues): readonly FlagSetting[] {
  const all = flags.all("listen");
  if (all.length === 0) return [];
  return [
    { flag: `--listen ${all.join(" ")}`, path: "serve.listeners", text: JSON.stringify(all) },
  ];
}
