import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { systemClock, type Clock } from "op-core";
import type { WebSocket, WebSocketServer } from "ws";
import type { McpConnection } from "../server/connection.ts";
import type { McpServer } from "../server/mcp-server.ts";
import { Drain, waitFor, type DrainOptions } from "./drain.ts";
import type { HttpCaller } from "./streamable-http.ts";
import { createWebSocketTransport, type WebSocketRules } from "./websocket-transport.ts";

/** How MCP is served over WebSocket. */
export interface WebSocketHandlerOptions {
  /** What is served where a request names no view. */
  readonly server: McpServer;
  readonly maxConnections?: number;
  readonly maxMessageBytes?: number;
  readonly keepAliveMs?: number;
  /** A client that lets more than this wait is given up. */
  readonly maxQueuedBytes?: number;
  readonly clock?: Clock;
}

/** A request to change the protocol, as a web server's `upgrade` event has it. */
export interface Upgrade {
  readonly req: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
}

/** Serves MCP over WebSocket, subprotocol `mcp`. */
export interface WebSocketHandler extends AsyncDisposable {
  readonly connectionCount: number;
  /** Takes over a connection, or refuses it with a status of HTTP. Resolves when either is done; never rejects. */
  handleUpgrade(upgrade: Upgrade, caller: HttpCaller): Promise<void>;
  /** Takes no new connection from now on, and closes each when everything begun on it is answered. */
  drain(options?: DrainOptions): Promise<void>;
}

const subprotocol = "mcp";
const defaultMaxConnections = 10_000;
const defaultMaxMessageBytes = 4 * 1024 * 1024;
const defaultMaxQueuedBytes = 4 * 1024 * 1024;
const defaultKeepAliveMs = 15_000;

function refuse(socket: Duplex, status: string, headers = ""): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n${headers}\r\n`);
}

function offersMcp({ headers }: IncomingMessage): boolean {
  const offered = (headers["sec-websocket-protocol"] ?? "").split(",");
  return offered.some((one) => one.trim() === subprotocol);
}

class WebSocketEndpoint implements WebSocketHandler {
  readonly #options: WebSocketHandlerOptions;
  readonly #rules: WebSocketRules;
  readonly #connections = new Set<McpConnection>();
  readonly #drain = new Drain();
  #sockets: Promise<WebSocketServer> | undefined;

  constructor(options: WebSocketHandlerOptions) {
    const {
      clock = systemClock,
      keepAliveMs = defaultKeepAliveMs,
      maxQueuedBytes = defaultMaxQueuedBytes,
    } = options;
    this.#options = options;
    this.#rules = { clock, keepAliveMs, maxQueuedBytes };
  }

  get connectionCount(): number {
    return this.#connections.size;
  }

  async handleUpgrade({ req, socket, head }: Upgrade, caller: HttpCaller): Promise<void> {
    socket.on("error", () => undefined);
    const { maxConnections = defaultMaxConnections } = this.#options;
    if (!offersMcp(req)) {
      refuse(socket, "400 Bad Request", `Sec-WebSocket-Protocol: ${subprotocol}\r\n`);
      return;
    }
    if (this.#drain.isDraining || this.#connections.size >= maxConnections) {
      refuse(socket, "503 Service Unavailable", "Retry-After: 5\r\n");
      return;
    }
    const sockets = await (this.#sockets ??= this.#load());
    if (!socket.destroyed)
      sockets.handleUpgrade(req, socket, head, (opened) => this.#connect(opened, caller));
  }

  async drain(options: DrainOptions = {}): Promise<void> {
    this.#drain.begin();
    const ends = [...this.#connections].map(async (connection) => {
      await connection.whenIdle();
      await connection[Symbol.asyncDispose]();
    });
    await waitFor(Promise.all(ends), options);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#drain.begin();
    await Promise.all(
      [...this.#connections].map((connection) => connection[Symbol.asyncDispose]()),
    );
    (await this.#sockets)?.close();
  }

  #connect(socket: WebSocket, { principal, view }: HttpCaller): void {
    const transport = createWebSocketTransport(socket, this.#rules);
    const connection = (view?.server ?? this.#options.server).connect(transport, principal);
    this.#connections.add(connection);
    void connection.closed.then(() => this.#connections.delete(connection));
  }

  /** Nobody pays for the library before the first client wants it. */
  async #load(): Promise<WebSocketServer> {
    const { WebSocketServer: Server } = await import("ws");
    return new Server({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: this.#options.maxMessageBytes ?? defaultMaxMessageBytes,
      handleProtocols: () => subprotocol,
    });
  }
}

/** Makes the WebSocket endpoint of a web server, for its `upgrade` events. */
export function createWebSocketHandler(options: WebSocketHandlerOptions): WebSocketHandler {
  return new WebSocketEndpoint(options);
}
