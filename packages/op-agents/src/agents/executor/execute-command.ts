import type { JsonValue } from "op-core";
import { isJsonObject } from "../../serving/is-json-object.ts";
import { operationFailure } from "../../serving/operation-failure.ts";
import type { Operation } from "../../serving/serve-agent.ts";
import { builtInCommands } from "./built-in-commands.ts";
import { checkCommand, type CommandPolicy, type CommandRequest } from "./check-command.ts";
import type { ExecutorConfig } from "./executor-config.ts";
import { handOverPlaces } from "./hand-over-places.ts";
import { runCommand, type CommandResult } from "./run-command.ts";

/** What an executor reads of the configuration. */
export type ExecutorSettings = CommandPolicy &
  Pick<ExecutorConfig, "timeoutMs" | "maxTimeoutMs" | "outputBytes" | "projects">;

/** Makes the operation that checks a command and runs it. */
export function createExecuteCommand(settings: ExecutorSettings): Operation {
  return async (input, { signal, progress }) => {
    const { timeoutMs = settings.timeoutMs, ...request } = parseRequest(input);
    await using command = await checkCommand(request, settings);
    const builtIn = builtInCommands.get(command.name);
    if (builtIn !== undefined) return succeeded(builtIn(command));
    const { args, ...handedOver } = handOverPlaces(command.args);
    // It goes nowhere by name any more.
    const place = { name: command.name, args, cwd: "/" };
    return await runCommand(place, {
      ...handedOver,
      timeoutMs: Math.min(timeoutMs, settings.maxTimeoutMs),
      outputBytes: settings.outputBytes,
      signal,
      onOutput: async (stream, text) => await progress({ stream, text }),
    });
  };
}

function succeeded(stdout: string): CommandResult {
  return {
    stdout,
    stderr: "",
    exitCode: 0,
    signal: null,
    isTimedOut: false,
    isTruncated: false,
  };
}

type ParsedRequest = CommandRequest & { readonly timeoutMs?: number };

function parseRequest(input: JsonValue): ParsedRequest {
  if (!isJsonObject(input)) throw malformed();
  const { argv, cwd, timeoutMs } = input;
  if (!isWords(argv)) throw malformed();
  if (cwd !== undefined && typeof cwd !== "string") throw malformed();
  if (timeoutMs !== undefined && (typeof timeoutMs !== "number" || !(timeoutMs > 0)))
    throw malformed();
  return {
    argv,
    ...(cwd === undefined ? {} : { cwd }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  };
}

function isWords(value: JsonValue | undefined): value is readonly string[] {
  return (
    Array.isArray(value) && value.length > 0 && value.every((each) => typeof each === "string")
  );
}

function malformed(): Error {
  return operationFailure({
    code: "ERR_COMMAND_MALFORMED",
    message: "The input is no command.",
    advice:
      'Give argv as a list of words, such as ["ls", "-l"], and if you like cwd and timeoutMs.',
  });
}
