import { OpError } from "op-core";

/** A server that lets in nobody who has not logged in, or not with these rights. */
export class UpstreamLoginError extends OpError {
  static readonly code = "ERR_UPSTREAM_LOGIN";
  static readonly meaning =
    "An MCP server wants somebody to log in, for the first time or with more rights.";
  readonly code = UpstreamLoginError.code;

  constructor(upstream: string, { advice, scope }: { advice: string; scope: string | undefined }) {
    const rights = scope === undefined ? "" : ` with the rights ${JSON.stringify(scope)}`;
    super(`The MCP server ${upstream} wants a person to log in${rights}.`, {
      advice,
      data: { upstream, ...(scope === undefined ? {} : { scope }) },
    });
  }
}

/** Getting a token that went wrong. */
export class UpstreamAuthorizationError extends OpError {
  static readonly code = "ERR_UPSTREAM_AUTHORIZATION";
  static readonly meaning =
    "The authorization server of an MCP server gave no token, or cannot be trusted with the question.";
  readonly code = UpstreamAuthorizationError.code;

  constructor(upstream: string, detail: string, options: { cause?: unknown; retryable?: boolean }) {
    super(`No token could be had for the MCP server ${upstream}: ${detail}`, {
      advice: "Check how the client is registered with the authorization server, or log in again.",
      data: { upstream },
      ...options,
    });
  }
}
