import { OpError } from "op-core";

/** An address that anybody could reach, with nobody asked who they are. */
export class OpenBindError extends OpError {
  static readonly code = "ERR_AUTH_OPEN_BIND";
  static readonly meaning =
    "op-mcp was told to listen where other machines reach it, without a way to know who calls.";
  readonly code = OpenBindError.code;

  constructor(host: string, problem: string, advice: string) {
    super(`op-mcp does not listen on ${host}: ${problem}.`, { advice, data: { host } });
  }
}

/** Settings of the authentication that cannot work together. */
export class AuthConfigError extends OpError {
  static readonly code = "ERR_AUTH_CONFIG";
  static readonly meaning = "The settings below `auth` contradict each other or lack something.";
  readonly code = AuthConfigError.code;

  constructor(key: string, problem: string, advice: string) {
    super(`${key} ${problem}.`, { advice, data: { key } });
  }
}

/** The file of the local token, when it cannot be used. */
export class LocalTokenError extends OpError {
  static readonly code = "ERR_AUTH_LOCAL_TOKEN";
  static readonly meaning = "The file with the local token cannot be made, read or understood.";
  readonly code = LocalTokenError.code;

  constructor(path: string, problem: string, cause?: unknown) {
    super(`The local token in ${path} cannot be used: ${problem}.`, {
      advice: `Remove ${path}; the next start makes a new token, and clients need the new one.`,
      data: { path },
      ...(cause === undefined ? {} : { cause }),
    });
  }
}

/** An API key that nobody knows. */
export class ApiKeyUnknownError extends OpError {
  static readonly code = "ERR_API_KEY_UNKNOWN";
  static readonly meaning = "There is no API key with this id, or it was revoked.";
  readonly code = ApiKeyUnknownError.code;

  constructor(id: string, what = "does not exist") {
    super(`The API key ${JSON.stringify(id)} ${what}.`, {
      advice: "`op-mcp keys list` shows all of them.",
      data: { id },
    });
  }
}

/** What somebody wanted an API key to be, and it can't. */
export class ApiKeyInvalidError extends OpError {
  static readonly code = "ERR_API_KEY_INVALID";
  static readonly meaning = "An API key cannot have the name, the scopes or the times asked for.";
  readonly code = ApiKeyInvalidError.code;

  constructor(problem: string) {
    super(`The API key cannot be made: ${problem}.`, { data: {} });
  }
}

/** The file of the API keys, when it cannot be used. */
export class ApiKeyStoreError extends OpError {
  static readonly code = "ERR_API_KEY_STORE";
  static readonly meaning = "The file with the API keys cannot be read, understood or written.";
  readonly code = ApiKeyStoreError.code;

  constructor(path: string, problem: string, cause?: unknown) {
    super(`The API keys in ${path} cannot be used: ${problem}.`, {
      advice: "Nobody is let in by a key until it can be read again; restore it from a backup.",
      data: { path },
      ...(cause === undefined ? {} : { cause }),
    });
  }
}

/** Another process that changes the same file and doesn't come to an end. */
export class AuthFileBusyError extends OpError {
  static readonly code = "ERR_AUTH_FILE_BUSY";
  static readonly meaning = "Another process is changing the same file of the authentication.";
  readonly code = AuthFileBusyError.code;

  constructor(path: string, waitedMs: number) {
    super(`${path} was not changed: another process has been changing it for ${waitedMs} ms.`, {
      advice: "Try again; if it stays so, end the other op-mcp.",
      data: { path, waitedMs },
      retryable: true,
    });
  }
}

/** An issuer of tokens that does not answer, or not with what it should. */
export class IssuerUnavailableError extends OpError {
  static readonly code = "ERR_AUTH_ISSUER_UNAVAILABLE";
  static readonly meaning =
    "An issuer of OAuth tokens cannot be reached or answers something else, so that tokens cannot be checked.";
  readonly code = IssuerUnavailableError.code;

  constructor(issuer: string, attempted: string, cause: unknown) {
    const why = cause instanceof Error ? cause.message : String(cause);
    super(`The issuer ${issuer} cannot be used: ${attempted}: ${why}.`, {
      advice: "Check that it runs and can be reached from this machine, and auth.oauth.issuers.",
      data: { issuer },
      retryable: true,
      cause,
    });
  }
}

/** A Unix socket through which more than one user could come. */
export class UserSocketError extends OpError {
  static readonly code = "ERR_AUTH_USER_SOCKET";
  static readonly meaning =
    "A Unix socket cannot be kept to one user, so that nobody would know who calls.";
  readonly code = UserSocketError.code;

  constructor(path: string, problem: string, options: { advice: string; cause?: unknown }) {
    super(`The socket ${path} is not used: ${problem}.`, { data: { path }, ...options });
  }
}
