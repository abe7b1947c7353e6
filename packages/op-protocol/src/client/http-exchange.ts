import { isJsonObject, type JsonObject } from "op-core";
import { encodeHeaderValue } from "../http/header-value.ts";
import { parameterHeadersOf, valueAt } from "../http/parameter-headers.ts";
import type { RpcMessage } from "../json-rpc/json-rpc-message.ts";
import { metaKeys } from "../revisions/envelope.ts";
import { modernRevisions } from "../revisions/revision.ts";
import type { SendHints } from "./client-transport.ts";
import { UpstreamMessageError } from "./upstream-error.ts";

/** The part of `fetch` that is used, so that authentication can be put around it. */
export type FetchPort = (url: URL, init: RequestInit) => Promise<Response>;

/** How a server is reached over HTTP. */
export interface HttpAddress {
  readonly url: URL;
  /** Sent with every request; read anew each time, so that a token can change. */
  readonly headers?: () => Readonly<Record<string, string>>;
  readonly fetch?: FetchPort;
  readonly maxMessageBytes?: number;
}

/** What is sent. */
interface SentRequest {
  readonly method: "GET" | "POST" | "DELETE";
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal: AbortSignal;
}

/** Sends a request that follows no redirection: what is secret in its headers goes to the configured server only. */
export function sendTo(
  { url, headers, fetch: send = fetch }: HttpAddress,
  init: SentRequest,
): Promise<Response> {
  return send(url, { ...init, redirect: "manual", headers: { ...init.headers, ...headers?.() } });
}

/** The parameters of a message that carry the stateless era's envelope. */
export function modernParams(message: RpcMessage): JsonObject | undefined {
  const params = "params" in message ? message.params : undefined;
  if (!isJsonObject(params)) return undefined;
  const meta = params["_meta"];
  return isJsonObject(meta) && metaKeys.protocolVersion in meta ? params : undefined;
}

function mirroredArguments(params: JsonObject, { inputSchema }: SendHints): Record<string, string> {
  const args = params["arguments"];
  if (inputSchema === undefined || !isJsonObject(args)) return {};
  const entries = parameterHeadersOf(inputSchema).flatMap(({ header, path }) => {
    const value = valueAt(args, path);
    const isPlain =
      typeof value === "string" || typeof value === "number" || typeof value === "boolean";
    return isPlain ? [[header, encodeHeaderValue(String(value))] as const] : [];
  });
  return Object.fromEntries(entries);
}

/** The headers by which a request of the stateless era says what its body says. */
export function mirrorHeaders(
  method: string,
  params: JsonObject,
  hints: SendHints = {},
): Record<string, string> {
  const name = params[method === "resources/read" ? "uri" : "name"];
  const isNamed = ["tools/call", "prompts/get", "resources/read"].includes(method);
  return {
    "mcp-protocol-version": modernRevisions[0],
    "mcp-method": method,
    ...(isNamed && typeof name === "string" ? { "mcp-name": encodeHeaderValue(name) } : {}),
    ...mirroredArguments(params, hints),
  };
}

/**
 * Reads a body as text, up to a limit.
 *
 * @yields its chunks
 */
export async function* readText(response: Response): AsyncGenerator<string> {
  if (response.body === null) return;
  const decoder = new TextDecoder();
  for await (const chunk of response.body) yield decoder.decode(chunk, { stream: true });
}

/** Reads a whole body; one that is too large is an error before it is all here. */
export async function readBody(response: Response, maxBytes: number): Promise<string> {
  let text = "";
  for await (const chunk of readText(response)) {
    text += chunk;
    if (text.length > maxBytes)
      throw new UpstreamMessageError(`a message may have at most ${maxBytes} bytes`);
  }
  return text;
}

/** Parses JSON that somebody else wrote. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UpstreamMessageError("it is not JSON");
  }
}
