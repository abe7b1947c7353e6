import { isOpError } from "op-core";

/** What the process's exit code says; numbers from 64 are those of sysexits.h. */
export const exitCodes = {
  /** Done. */
  ok: 0,
  /** It ran and the answer is no: the tool reported an error, or a check failed. */
  failed: 1,
  /** The command line is wrong: unknown command or flag, missing argument. */
  usage: 64,
  /** The data given is wrong: not JSON, or not what the tool takes. */
  data: 65,
  /** A file given cannot be read. */
  noInput: 66,
  /** What was asked for is not there: no such tool, or its source cannot be reached. */
  unavailable: 69,
  /** A defect of op-mcp. */
  internal: 70,
  /** A file cannot be written. */
  cannotCreate: 73,
  /** It may work later: timeouts, limits. */
  temporary: 75,
  /** Not allowed, or not approved. */
  denied: 77,
  /** The configuration is wrong or cannot be read. */
  config: 78,
  /** Ctrl-C. */
  interrupted: 130,
} as const;

/** One of the documented exit codes. */
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

const byErrorCode: ReadonlyMap<string, ExitCode> = new Map<string, ExitCode>([
  ["ERR_CLI_USAGE", exitCodes.usage],
  ["ERR_CLIENT_UNKNOWN", exitCodes.usage],
  ["ERR_CLI_ARGUMENTS", exitCodes.data],
  ["ERR_JSON_SYNTAX", exitCodes.data],
  ["ERR_CLIENT_CONFIG", exitCodes.data],
  ["ERR_CLIENT_FILE", exitCodes.cannotCreate],
  ["ERR_TOOL_INPUT_INVALID", exitCodes.data],
  ["ERR_CLI_INPUT", exitCodes.noInput],
  ["ERR_CLI_STATE_FILE", exitCodes.data],
  ["ERR_STATE_INPUT", exitCodes.data],
  ["ERR_STATE_CYCLE", exitCodes.data],
  ["ERR_STATE_NOT_FOUND", exitCodes.data],
  ["ERR_TOOL_NOT_FOUND", exitCodes.unavailable],
  ["ERR_CONFIG_INVALID", exitCodes.config],
  ["ERR_CONFIG_UNREADABLE", exitCodes.config],
  ["ERR_PLUGIN", exitCodes.config],
  ["ERR_TOOL_QUARANTINED", exitCodes.unavailable],
  ["ERR_ASK_UNAVAILABLE", exitCodes.denied],
  ["ERR_APPROVAL_DECLINED", exitCodes.denied],
  ["ERR_APPROVAL_UNAVAILABLE", exitCodes.denied],
  ["ERR_TOOL_NOT_READONLY", exitCodes.denied],
  ["ERR_POLICY_DENIED", exitCodes.denied],
  ["ERR_TOOL_CHANGED", exitCodes.denied],
  ["ERR_DBUS_ACCESS_DENIED", exitCodes.denied],
  ["ERR_APPROVAL_CODE", exitCodes.denied],
  ["ERR_APPROVAL_CODE_UNKNOWN", exitCodes.data],
  ["ERR_POLICY_INVALID", exitCodes.config],
  ["ERR_LISTENER_INVALID", exitCodes.config],
  ["ERR_LISTEN_FAILED", exitCodes.unavailable],
  ["ERR_TLS_FILES", exitCodes.config],
  ["ERR_AUTH_OPEN_BIND", exitCodes.config],
  ["ERR_AUTH_CONFIG", exitCodes.config],
  ["ERR_API_KEY_UNKNOWN", exitCodes.data],
  ["ERR_API_KEY_INVALID", exitCodes.data],
]);

/** The exit code that tells a script what kind of failure this was. */
export function exitCodeOf(error: unknown): ExitCode {
  if (!isOpError(error))
    return isPermissionProblem(error) ? exitCodes.cannotCreate : exitCodes.internal;
  return byErrorCode.get(error.code) ?? (error.retryable ? exitCodes.temporary : exitCodes.failed);
}

function isPermissionProblem(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return code === "EACCES" || code === "EPERM" || code === "EROFS" || code === "ENOSPC";
}
