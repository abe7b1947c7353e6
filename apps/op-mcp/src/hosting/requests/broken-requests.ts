import { randomUUID } from "node:crypto";
import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Traffic } from "../status/traffic.ts";
import type { RefusalLog } from "./refusal-log.ts";
import { endWithRefusal, type HttpRefusal } from "./refusals.ts";

const malformed: HttpRefusal = {
  status: 400,
  reason: "malformed",
  message: "The request is no valid HTTP/1.1.",
};

const byCode: ReadonlyMap<unknown, HttpRefusal> = new Map<unknown, HttpRefusal>([
  [
    "HPE_HEADER_OVERFLOW",
    { status: 431, reason: "headers-too-large", message: "The headers are too large." },
  ],
  [
    "HPE_CHUNK_EXTENSIONS_OVERFLOW",
    { status: 413, reason: "extensions-too-large", message: "The chunk extensions are too large." },
  ],
  [
    "ERR_HTTP_REQUEST_TIMEOUT",
    { status: 408, reason: "too-slow", message: "The request did not come in time." },
  ],
  [
    "METHOD",
    { status: 405, reason: "method-not-allowed", message: "This server connects nobody." },
  ],
]);

/** Somebody left in the middle: nobody is there to be refused. */
const gone: ReadonlySet<unknown> = new Set(["ECONNRESET", "EPIPE", "HPE_INVALID_EOF_STATE"]);

/** What refusing takes. */
export interface BrokenRequestsOptions {
  readonly refusals: RefusalLog;
  readonly traffic: Traffic;
}

/** Ends a connection over which something came that is no HTTP, with an answer where that can be read, and notes it. */
export function createBrokenRequests({ refusals, traffic }: BrokenRequestsOptions) {
  return (error: Error, socket: Duplex, mayAnswer: boolean): void => {
    socket.on("error", () => undefined);
    const code = "code" in error ? error.code : undefined;
    if (gone.has(code)) {
      socket.destroy();
      return;
    }
    const refusal = byCode.get(code) ?? malformed;
    const requestId = randomUUID();
    const address = socket instanceof Socket ? (socket.remoteAddress ?? "unknown") : "unknown";
    const { status, reason } = refusal;
    traffic.broken(status);
    refusals.note({
      event: "call-refused",
      address,
      reason,
      requestId,
      details: { route: "none", code: typeof code === "string" ? code : "unknown" },
    });
    if (mayAnswer) endWithRefusal(socket, refusal, requestId);
    else socket.destroy();
  };
}
