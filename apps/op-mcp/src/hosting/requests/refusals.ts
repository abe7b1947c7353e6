import type { ServerResponse } from "node:http";
import { Socket } from "node:net";
import type { Duplex, Readable } from "node:stream";
import { isErrorOf } from "op-core";
import { sendRefusal, type Refusal } from "op-protocol/http";
import type { Principal } from "op-tools";
import type { AuthRefused } from "../../auth/auth-result.ts";
import type { Challenges } from "../../auth/challenges.ts";
import type { GuardRefusal } from "../../auth/guard/request-guard.ts";
import { PolicyDeniedError } from "../../policy/policy-error.ts";

/** Why a request is turned away here, before MCP has a say. */
export interface HttpRefusal {
  readonly status: number;
  /** For programs and the audit log; one of a closed set. */
  readonly reason: string;
  /** For the person behind the client. Says nothing of what is inside. */
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** JSON-RPC's first code for what a server defines itself. */
const serverErrorCode = -32_000;

const retryAfterS = "5";

/** Nothing is served at the path. */
export const notFound: HttpRefusal = {
  status: 404,
  reason: "not-found",
  message: "There is nothing at this path; MCP is at /mcp.",
};

/** The server is about to leave; a client that comes back finds the next one. */
export const leaving: HttpRefusal = {
  status: 503,
  reason: "leaving",
  message: "The server is leaving. Try again in a moment.",
  headers: { "retry-after": retryAfterS, connection: "close" },
};

/** What went wrong is in the log, and nowhere else. */
export const internal: HttpRefusal = {
  status: 500,
  reason: "internal",
  message: "The request failed unexpectedly. The server's log has the details.",
};

/** Another version of HTTP than those this server speaks. */
export const versionNotSpoken: HttpRefusal = {
  status: 505,
  reason: "version-not-spoken",
  message: "This server speaks HTTP/1.1.",
  headers: { connection: "close" },
};

/** WebSocket was asked for without asking for WebSocket. */
export const upgradeRequired: HttpRefusal = {
  status: 426,
  reason: "upgrade-required",
  message: "This path speaks WebSocket, subprotocol mcp.",
  headers: { upgrade: "websocket", connection: "upgrade" },
};

/** The path takes other methods. */
export function methodNotAllowed(allow: string): HttpRefusal {
  const message = `This path takes ${allow}.`;
  return { status: 405, reason: "method-not-allowed", message, headers: { allow } };
}

/** The refusal of the guard against foreign names and pages. */
export function byGuard({ status, code, reason }: GuardRefusal): HttpRefusal {
  return { status, reason: code, message: reason };
}

/** The refusal of the authentication. */
export function byAuth({ status, code, reason, ...more }: AuthRefused): HttpRefusal {
  const { wwwAuthenticate, retryAfterMs } = more;
  const headers = {
    ...(wwwAuthenticate === undefined ? {} : { "www-authenticate": wwwAuthenticate }),
    ...(retryAfterMs === undefined
      ? {}
      : { "retry-after": String(Math.max(1, Math.ceil(retryAfterMs / 1000))) }),
  };
  return { status, reason: code, message: reason, headers };
}

/** The refusal of a call that a token with more scopes could make; nothing for any other error. */
export function byScopes(
  error: unknown,
  { scopes }: Principal,
  challenges: Challenges,
): HttpRefusal | undefined {
  const missing = missingScopesOf(error);
  if (missing.length === 0) return undefined;
  // A client that asks for what is named alone must not lose what it has.
  return byAuth(challenges.insufficientScope([...scopes, ...missing]));
}

function missingScopesOf(error: unknown): readonly string[] {
  if (!isErrorOf(error, PolicyDeniedError)) return [];
  const missing = error.data["missingScopes"];
  return Array.isArray(missing) ? missing.filter((scope) => typeof scope === "string") : [];
}

/** What a refusal is to whoever answers a request of MCP. */
export function toMcpRefusal(
  { status, reason, message, headers }: HttpRefusal,
  requestId: string,
): Refusal {
  const data = { reason, requestId };
  const more = headers === undefined ? {} : { headers };
  return { status, code: serverErrorCode, message, data, ...more };
}

/** Answers with the one form every refusal has, which clients of JSON-RPC understand. */
export function sendHttpRefusal(
  res: ServerResponse,
  refusal: HttpRefusal,
  requestId: string,
): void {
  sendRefusal(res, toMcpRefusal(refusal, requestId));
}

const phrases: Readonly<Record<number, string>> = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  408: "Request Timeout",
  413: "Content Too Large",
  417: "Expectation Failed",
  429: "Too Many Requests",
  431: "Request Header Fields Too Large",
  500: "Internal Server Error",
  503: "Service Unavailable",
  505: "HTTP Version Not Supported",
};

/** The same answer where there is no response object: to a broken request, or to one for another protocol. */
export function endWithRefusal(
  socket: Duplex,
  { status, reason, message, headers = {} }: HttpRefusal,
  requestId: string,
): void {
  const error = { code: serverErrorCode, message, data: { reason, requestId } };
  const body = JSON.stringify({ jsonrpc: "2.0", error });
  const all = {
    "content-type": "application/json",
    "content-length": String(Buffer.byteLength(body)),
    "x-request-id": requestId,
    ...headers,
    connection: "close",
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  letGo(socket);
  socket.end(`HTTP/1.1 ${status} ${phrases[status] ?? "Refused"}\r\n${lines.join("")}\r\n${body}`);
}

const mostDiscardedBytes = 256 * 1024;
const goodbyeMs = 2000;

/**
 * Lets pass what still comes of something that was refused, up to a bound: a client that is cut off while it sends would
 * never read the answer, and one that goes on sending is not waited for.
 */
export function discard(stream: Readable): void {
  let length = 0;
  stream.on("data", (chunk: Buffer) => {
    length += chunk.length;
    if (length > mostDiscardedBytes) stream.destroy();
  });
}

/** A client that does not close its half of the connection is not waited for either. */
function letGo(socket: Duplex): void {
  discard(socket);
  socket.once("end", () => socket.destroy());
  if (socket instanceof Socket) socket.setTimeout(goodbyeMs, () => socket.destroy());
}
