import { OpError } from "op-core";

/** A client `op-mcp init` does not know, or does not know that way. */
export class ClientUnknownError extends OpError {
  static readonly code = "ERR_CLIENT_UNKNOWN";
  static readonly meaning =
    "`op-mcp init` was given a client, or a scope of it, that it does not know.";
  readonly code = ClientUnknownError.code;
}

/** A client's configuration file that was left as it is, because changing it could break it. */
export class ClientConfigError extends OpError {
  static readonly code = "ERR_CLIENT_CONFIG";
  static readonly meaning =
    "A client's configuration file cannot be changed safely; it was left as it is.";
  readonly code = ClientConfigError.code;

  constructor(file: string, problem: string, options: { advice?: string; cause?: unknown } = {}) {
    super(`${file} was left as it is: ${problem}`, { data: { file }, ...options });
  }
}

/** A client's configuration file that the operating system does not let us read or write. */
export class ClientFileError extends OpError {
  static readonly code = "ERR_CLIENT_FILE";
  static readonly meaning = "A client's configuration file cannot be read or written.";
  readonly code = ClientFileError.code;

  constructor(file: string, cause: Error) {
    super(`${file} cannot be changed: ${cause.message}`, {
      advice: "Make it yours to write and try again; --print shows the entry to add by hand.",
      data: { file },
      cause,
    });
  }
}
