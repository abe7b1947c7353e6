import type { ServerResponse } from "node:http";
import type { JsonValue } from "op-core";
import type { RequestId } from "../json-rpc/json-rpc-message.ts";

/** Why a request is turned away before MCP has a say: an HTTP status, and what a JSON-RPC client is told. */
export interface Refusal {
  readonly status: number;
  readonly code: number;
  readonly message: string;
  readonly data?: JsonValue;
  readonly id?: RequestId;
  readonly headers?: Readonly<Record<string, string>>;
}

/** JSON-RPC's range for what a server defines itself. */
export const serverErrorCode = -32_000;

/** What clients of the handshake era know as "start again with initialize". */
export const sessionNotFoundCode = -32_001;

/** Answers with JSON; nothing when an answer has begun already. */
export function sendJson(
  res: ServerResponse,
  status: number,
  body: string | Buffer,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (res.headersSent || res.destroyed) return;
  res.writeHead(status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
    ...headers,
  });
  res.end(body);
}

/** Turns a request away. */
export function sendRefusal(res: ServerResponse, refusal: Refusal): void {
  const { status, code, message, data, id, headers } = refusal;
  const error = data === undefined ? { code, message } : { code, message, data };
  const body = id === undefined ? { jsonrpc: "2.0", error } : { jsonrpc: "2.0", id, error };
  sendJson(res, status, JSON.stringify(body), headers);
}
