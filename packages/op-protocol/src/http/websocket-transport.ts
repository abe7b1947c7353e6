import { isUtf8 } from "node:buffer";
import type { Clock, Timer } from "op-core";
import type { RawData, WebSocket } from "ws";
import type { RpcMessage } from "../json-rpc/json-rpc-message.ts";
import type { Malformed, Transport, TransportReceiver } from "../transports/transport.ts";

/** How a connection is kept. */
export interface WebSocketRules {
  readonly clock: Clock;
  /** A ping is sent this often; a client that did not answer the one before is given up. */
  readonly keepAliveMs: number;
  /** A client that lets more than this wait is given up. */
  readonly maxQueuedBytes: number;
}

const goodbyeMs = 2000;

/** Close codes of RFC 6455. */
const goingAway = 1001;
const unsupportedData = 1003;

function bytesOf(data: RawData): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data);
  return Buffer.isBuffer(data) ? data : Buffer.from(data);
}

function parse(bytes: Buffer): { readonly value: unknown } | Malformed {
  if (!isUtf8(bytes)) return { kind: "not-utf-8", detail: "the message is not UTF-8" };
  try {
    return { value: JSON.parse(bytes.toString("utf8")) };
  } catch (error) {
    return { kind: "not-json", detail: error instanceof Error ? error.message : "not JSON" };
  }
}

class WebSocketTransport implements Transport {
  readonly kind = "websocket";
  readonly #socket: WebSocket;
  readonly #rules: WebSocketRules;
  #heartbeat: Timer | undefined;
  #isAlive = true;

  constructor(socket: WebSocket, rules: WebSocketRules) {
    this.#socket = socket;
    this.#rules = rules;
  }

  start(receiver: TransportReceiver): void {
    this.#socket.on("message", (data: RawData, isBinary: boolean) => {
      if (isBinary) this.#socket.close(unsupportedData, "MCP messages are text");
      else this.#deliver(parse(bytesOf(data)), receiver);
    });
    this.#socket.on("pong", () => {
      this.#isAlive = true;
    });
    // What went wrong is followed by the end, which is what counts.
    this.#socket.on("error", () => undefined);
    this.#socket.once("close", () => {
      this.#heartbeat?.[Symbol.dispose]();
      receiver.closed();
    });
    this.#startHeartbeat();
  }

  send(message: RpcMessage): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    if (this.#socket.bufferedAmount > this.#rules.maxQueuedBytes) this.#socket.terminate();
    else this.#socket.send(JSON.stringify(message));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#heartbeat?.[Symbol.dispose]();
    if (this.#socket.readyState === this.#socket.CLOSED) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#socket.once("close", resolve);
    this.#socket.close(goingAway, "the server is leaving");
    // Who does not say goodbye is not waited for.
    using patience = this.#rules.clock.startTimer(goodbyeMs, () => this.#socket.terminate());
    patience.unref();
    await promise;
  }

  #deliver(parsed: { readonly value: unknown } | Malformed, receiver: TransportReceiver): void {
    if ("kind" in parsed) receiver.malformed(parsed);
    else receiver.message(parsed.value);
  }

  #startHeartbeat(): void {
    const { clock, keepAliveMs } = this.#rules;
    this.#heartbeat = clock.startTimer(keepAliveMs, () => {
      if (!this.#isAlive) {
        this.#socket.terminate();
        return;
      }
      this.#isAlive = false;
      this.#socket.ping();
      this.#startHeartbeat();
    });
    this.#heartbeat.unref();
  }
}

/** Carries one message in each text frame of a WebSocket. */
export function createWebSocketTransport(socket: WebSocket, rules: WebSocketRules): Transport {
  return new WebSocketTransport(socket, rules);
}
