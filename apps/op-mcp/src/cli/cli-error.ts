import { OpError } from "op-core";

/** A command line that op-mcp does not understand. */
export class UsageError extends OpError {
  static readonly code = "ERR_CLI_USAGE";
  static readonly meaning = "The command line has an unknown command or flag, or misses something.";
  readonly code = UsageError.code;
}

/** Arguments for a tool that cannot be read as an object. */
export class CallArgumentsError extends OpError {
  static readonly code = "ERR_CLI_ARGUMENTS";
  static readonly meaning = "The arguments given to `op-mcp call` are not a JSON object.";
  readonly code = CallArgumentsError.code;
}

/** A file named on the command line that cannot be read. */
export class InputUnreadableError extends OpError {
  static readonly code = "ERR_CLI_INPUT";
  static readonly meaning = "A file named on the command line cannot be read.";
  readonly code = InputUnreadableError.code;
}

/** A call that took longer than `--timeout` allows. */
export class CallTimeoutError extends OpError {
  static readonly code = "ERR_CLI_TIMEOUT";
  static readonly meaning = "A call from the command line took longer than `--timeout` allows.";
  readonly code = CallTimeoutError.code;

  constructor(tool: string, seconds: number) {
    super(`${tool} did not answer within ${seconds} s.`, {
      advice: "Allow it more time with --timeout SECONDS.",
      retryable: true,
    });
  }
}

/** A tool that ran and reported a failure. */
export class ToolFailedError extends OpError {
  static readonly code = "ERR_CLI_TOOL_FAILED";
  static readonly meaning = "A tool that a command uses reported a failure.";
  readonly code = ToolFailedError.code;

  constructor(name: string, report: string) {
    super(`${name} failed: ${report}`, { data: { tool: name } });
  }
}

/** A file of desired state that cannot be understood. */
export class StateFileError extends OpError {
  static readonly code = "ERR_CLI_STATE_FILE";
  static readonly meaning = "A file of desired state given to `op-mcp state` cannot be understood.";
  readonly code = StateFileError.code;

  constructor(file: string, problem: string, cause?: unknown) {
    super(`Reading desired state from ${file} failed: ${problem}`, {
      advice: 'It needs "version: 1" and "state", and in it for each plugin its resources.',
      data: { file },
      ...(cause === undefined ? {} : { cause }),
    });
  }
}
