import { isOpError, OpError } from "op-core";

/** A server that cannot be reached or does not agree on how to speak. */
export class UpstreamUnreachableError extends OpError {
  static readonly code = "ERR_UPSTREAM_UNREACHABLE";
  static readonly meaning =
    "An MCP server could not be started or reached, or did not finish its handshake.";
  readonly code = UpstreamUnreachableError.code;

  /** `words` are lines that the server wrote on stderr, without secrets: its own, and to be trusted no more than it. */
  constructor(name: string, cause: unknown, words: readonly string[] = []) {
    const detail = cause instanceof Error ? cause.message : String(cause);
    const quoted = words.map((line) => JSON.stringify(line)).join(" ");
    const said = words.length === 0 ? "" : ` Its own last words on stderr: ${quoted}`;
    super(`The MCP server ${name} could not be connected: ${detail}${said}`, {
      advice: adviceOf(cause) ?? "Check its configuration and its log, then call again.",
      data: { upstream: name, ...(words.length === 0 ? {} : { stderr: words }) },
      retryable: true,
      cause,
    });
  }
}

/** Why it could not be connected knows best what to do; nothing was asked yet that could have had an effect. */
function adviceOf(cause: unknown): string | undefined {
  return isOpError(cause) && !(cause instanceof UpstreamClosedError) ? cause.advice : undefined;
}

/** A connection that ended while an answer was awaited. */
export class UpstreamClosedError extends OpError {
  static readonly code = "ERR_UPSTREAM_CLOSED";
  static readonly meaning =
    "The connection to an MCP server ended before it answered; whether it acted is not known.";
  readonly code = UpstreamClosedError.code;

  constructor(detail: string, cause?: unknown) {
    super(`The MCP server left before it answered: ${detail}.`, {
      advice: "The request may have had an effect: look before it is repeated.",
      ...(cause === undefined ? {} : { cause }),
    });
  }
}

/** A session that the server does not know any more; the request was not carried out. */
export class UpstreamSessionLostError extends OpError {
  static readonly code = "ERR_UPSTREAM_SESSION_LOST";
  static readonly meaning = "An MCP server forgot its session; the request was not carried out.";
  readonly code = UpstreamSessionLostError.code;

  constructor() {
    super("The MCP server does not know the session any more.", {
      advice: "Call again: the next request opens a new session.",
      retryable: true,
    });
  }
}

/** An HTTP answer that carries no MCP message. */
export class UpstreamHttpError extends OpError {
  static readonly code = "ERR_UPSTREAM_HTTP";
  static readonly meaning = "An MCP server answered with an HTTP status instead of a message.";
  readonly code = UpstreamHttpError.code;
  readonly status: number;
  /** How to authenticate, as the server put it. */
  readonly challenge: string | undefined;

  constructor(status: number, challenge?: string) {
    super(`The MCP server answered with HTTP status ${status}.`, {
      advice: adviceFor(status),
      data: { status },
      retryable: status === 429 || status >= 500,
    });
    this.status = status;
    this.challenge = challenge;
  }
}

function adviceFor(status: number): string {
  if (status === 401 || status === 403) return "Give the upstream credentials that it accepts.";
  if (status >= 300 && status < 400) return "Configure the address it redirects to.";
  return status >= 500 ? "Try again later." : "Check the upstream's address.";
}

/** A message that breaks the protocol or its limits. */
export class UpstreamMessageError extends OpError {
  static readonly code = "ERR_UPSTREAM_MESSAGE";
  static readonly meaning =
    "An MCP server sent something that is too large or breaks the protocol.";
  readonly code = UpstreamMessageError.code;

  constructor(detail: string) {
    super(`The MCP server sent what cannot be read: ${detail}.`, {
      advice: "Ask for less at a time, or raise the limit for this upstream.",
    });
  }
}
