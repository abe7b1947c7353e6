import { once } from "node:events";
import { systemClock, type Clock, type Logger } from "op-core";
import { createWebSocketTransport } from "../http/websocket-transport.ts";
import { defaultMaxMessageBytes } from "../transports/stream-transport.ts";
import { toClientTransport, type ConnectTransport } from "./client-transport.ts";

/** How a server is spoken to over WebSocket. */
export interface WebSocketTransportOptions {
  readonly url: URL;
  readonly headers?: () => Readonly<Record<string, string>>;
  readonly logger: Logger;
  readonly clock?: Clock;
  readonly maxMessageBytes?: number;
}

const keepAliveMs = 30_000;
const maxQueuedBytes = 64 * 1024 * 1024;

/** Speaks with a server over a WebSocket of the subprotocol `mcp`. Loads `ws` with the first connection. */
export function createWebSocketClientTransport(
  options: WebSocketTransportOptions,
): ConnectTransport {
  const { url, headers, logger, clock = systemClock } = options;
  return async ({ signal }) => {
    const { WebSocket } = await import("ws");
    signal.throwIfAborted();
    const socket = new WebSocket(url, "mcp", {
      headers: { ...headers?.() },
      maxPayload: options.maxMessageBytes ?? defaultMaxMessageBytes,
      followRedirects: false,
    });
    try {
      await once(socket, "open", { signal });
    } catch (error) {
      socket.on("error", () => undefined);
      socket.terminate();
      throw error;
    }
    const rules = { clock, keepAliveMs, maxQueuedBytes };
    return toClientTransport(createWebSocketTransport(socket, rules), logger);
  };
}
