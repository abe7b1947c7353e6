import { isUtf8 } from "node:buffer";
import type { IncomingMessage } from "node:http";
import type { Clock } from "op-core";
import { rpcCodes } from "../json-rpc/json-rpc-error.ts";
import { isJsonType } from "./content-negotiation.ts";
import type { Refusal } from "./refusal.ts";

/** What became of reading a body. */
export type Body =
  | { readonly kind: "json"; readonly value: unknown }
  | { readonly kind: "refused"; readonly refusal: Refusal }
  /** The client left in the middle. */
  | { readonly kind: "left" };

/** How much patience a body is read with. */
export interface BodyLimits {
  readonly maxBodyBytes: number;
  readonly bodyTimeoutMs: number;
  readonly clock: Clock;
}

function refused(status: number, message: string, code: number = rpcCodes.invalidRequest): Body {
  return { kind: "refused", refusal: { status, code, message } };
}

function parse(bytes: Buffer): Body {
  if (!isUtf8(bytes)) return refused(400, "The body is not UTF-8.", rpcCodes.parseError);
  try {
    return { kind: "json", value: JSON.parse(bytes.toString("utf8")) };
  } catch (error) {
    const detail = error instanceof Error ? error.message : "not JSON";
    return refused(400, `The body is not JSON: ${detail}`, rpcCodes.parseError);
  }
}

function tooLarge(maxBodyBytes: number): Body {
  return refused(413, `The body may have at most ${maxBodyBytes} bytes.`);
}

/** What can be told from the headers alone. */
function checkHeaders(
  { headers }: IncomingMessage,
  { maxBodyBytes }: BodyLimits,
): Body | undefined {
  if (!isJsonType(headers["content-type"]))
    return refused(415, "Content-Type must be application/json in UTF-8.");
  const encoding = headers["content-encoding"];
  if (encoding !== undefined && encoding !== "identity")
    return refused(415, `Content-Encoding ${encoding} is not read; send the body as it is.`);
  if (Number(headers["content-length"] ?? 0) > maxBodyBytes) return tooLarge(maxBodyBytes);
  return undefined;
}

/** Lets what still comes pass, up to a bound: a client that is answered early must be able to read the answer. */
function discard(req: IncomingMessage, maxBytes: number): void {
  let length = 0;
  req.on("data", (chunk: Buffer) => {
    length += chunk.length;
    if (length > maxBytes) req.destroy();
  });
}

/** What came whole with its headers, as most bodies do, is not waited for. */
function takeWhole(req: IncomingMessage): Body | undefined {
  if (Number(req.headers["content-length"]) !== req.readableLength) return undefined;
  const bytes: unknown = req.read();
  // Its end must be seen, or nothing more is read from the connection.
  req.resume();
  return Buffer.isBuffer(bytes) ? parse(bytes) : undefined;
}

function collect(req: IncomingMessage, limits: BodyLimits): Promise<Body> {
  const { maxBodyBytes, bodyTimeoutMs, clock } = limits;
  const { promise, resolve } = Promise.withResolvers<Body>();
  const parts: Buffer[] = [];
  let length = 0;
  const onData = (part: Buffer): void => {
    length += part.length;
    if (length > maxBodyBytes) settle(tooLarge(maxBodyBytes));
    else parts.push(part);
  };
  const onEnd = (): void => settle(parse(Buffer.concat(parts, length)));
  const onClose = (): void => settle({ kind: "left" });
  const timer = clock.startTimer(bodyTimeoutMs, () =>
    settle(refused(408, `The body did not come within ${bodyTimeoutMs} ms.`)),
  );
  timer.unref();
  const settle = (body: Body): void => {
    timer[Symbol.dispose]();
    req.off("data", onData).off("end", onEnd).off("close", onClose);
    resolve(body);
  };
  req.on("data", onData).on("end", onEnd).on("close", onClose);
  req.on("error", () => undefined);
  return promise;
}

/** Reads a request's JSON, or says why not. Never rejects. */
export async function readBody(req: IncomingMessage, limits: BodyLimits): Promise<Body> {
  const body = checkHeaders(req, limits) ?? takeWhole(req) ?? (await collect(req, limits));
  if (body.kind === "refused" && !req.readableEnded) discard(req, limits.maxBodyBytes);
  return body;
}
