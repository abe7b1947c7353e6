import { OpError } from "op-core";

/** A server behind op-mcp that cannot be used as it is configured. */
export class UpstreamSettingsError extends OpError {
  static readonly code = "ERR_UPSTREAM_SETTINGS";
  static readonly meaning = "A server behind op-mcp cannot be used as it is configured.";
  readonly code = UpstreamSettingsError.code;

  constructor(upstream: string, problem: string) {
    super(`The server ${JSON.stringify(upstream)} cannot be used: ${problem}.`, {
      advice: `Correct upstreams.servers.${upstream} in the configuration.`,
      data: { upstream },
    });
  }
}

/** Tokens that cannot be read or kept. */
export class TokenVaultError extends OpError {
  static readonly code = "ERR_UPSTREAM_TOKENS";
  static readonly meaning = "The tokens for another server cannot be read or kept.";
  readonly code = TokenVaultError.code;

  constructor(path: string, cause: unknown) {
    super(`The tokens in ${path} cannot be used.`, {
      advice: "Remove the file, and log in again with `op-mcp upstreams login`.",
      data: { path },
      cause,
    });
  }
}

/** Tokens that none of the keys opens. */
export class TokenSealError extends OpError {
  static readonly code = "ERR_UPSTREAM_TOKEN_SEAL";
  static readonly meaning =
    "The tokens for another server are sealed with a key that is not configured any more, or were changed.";
  readonly code = TokenSealError.code;

  constructor(path: string) {
    super(`The tokens in ${path} are sealed with another key, or somebody changed them.`, {
      advice:
        "Name the key they were sealed with in upstreams.oldTokenKeys, and they are sealed anew; or remove the file, and log in again with `op-mcp upstreams login`.",
      data: { path },
    });
  }
}

/** A key for tokens that is none. */
export class TokenKeyError extends OpError {
  static readonly code = "ERR_UPSTREAM_TOKEN_KEY";
  static readonly meaning =
    "The key that tokens for other servers are to be sealed with is too short.";
  readonly code = TokenKeyError.code;

  constructor(reference: string, least: number) {
    super(`The key for tokens in ${reference.split(" ")[0]} is shorter than ${least} characters.`, {
      advice: "Make one with `openssl rand -base64 32`.",
    });
  }
}

/** A server that is not configured. */
export class UnknownUpstreamError extends OpError {
  static readonly code = "ERR_UPSTREAM_UNKNOWN";
  static readonly meaning = "No server of this name is configured.";
  readonly code = UnknownUpstreamError.code;

  constructor(name: string, near: string | undefined) {
    super(`No server is named ${JSON.stringify(name)}.`, {
      advice: near ?? "`op-mcp upstreams list` lists them.",
      data: { name },
    });
  }
}
