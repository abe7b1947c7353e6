import {
  createServer as createHttpServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { Server as NetServer } from "node:net";
import type { Duplex } from "node:stream";
import type { ServeConfig } from "../serve-config.ts";
import type { TlsMaterial } from "../tls/tls-files.ts";

/** What a web server does with what comes. */
export interface WebServerHandlers {
  readonly request: (req: IncomingMessage, res: ServerResponse, mustContinue: boolean) => void;
  /** WebSocket was asked for. */
  readonly upgrade: (req: IncomingMessage, socket: Duplex, head: Buffer) => void;
  /** What came is no HTTP, or came too slowly. Whether an answer may still be sent is known. */
  readonly broken: (error: Error, socket: Duplex, mayAnswer: boolean) => void;
  /** A connection was closed at once, because there are too many. */
  readonly dropped: (address: string) => void;
}

/** What a web server takes. */
export interface WebServerOptions {
  readonly config: Pick<ServeConfig, "limits" | "tls">;
  readonly tls?: TlsMaterial;
  readonly handlers: WebServerHandlers;
}

/** How often Node looks for clients that are too slow. */
const slowCheckMs = 1000;

const webSocketPath = /^\/ws(?:[/?]|$)/u;

/** An offer to speak another protocol may be ignored, and is, unless it is WebSocket at the path for it. */
function asksForWebSocket({ headers, url = "" }: IncomingMessage): boolean {
  return headers.upgrade?.toLowerCase() === "websocket" && webSocketPath.test(url);
}

/** Makes a web server with limits for everything a client may take. It does not listen yet. */
export function createWebServer({ config, tls, handlers }: WebServerOptions): Server {
  const { limits, tls: tlsConfig } = config;
  const options = {
    maxHeaderSize: limits.maxHeaderBytes,
    headersTimeout: Math.min(limits.headersMs, limits.requestMs),
    requestTimeout: limits.requestMs,
    keepAliveTimeout: limits.idleConnectionMs,
    connectionsCheckingInterval: slowCheckMs,
    // The guard refuses a missing Host in the form of every other refusal.
    requireHostHeader: false,
    shouldUpgradeCallback: asksForWebSocket,
  };
  const server: Server =
    tls === undefined
      ? createHttpServer(options)
      : createHttpsServer({
          ...options,
          ...tls,
          minVersion: "TLSv1.2",
          handshakeTimeout: limits.headersMs,
          requestCert: tls.ca !== undefined,
          rejectUnauthorized: tls.ca !== undefined && tlsConfig.isClientCertificateRequired,
        });
  server.maxConnections = limits.maxConnections;
  // Their bytes are limited. Beyond a number of them, Node would leave some out, and hide them from every check.
  server.maxHeadersCount = 0;
  attach(server, handlers);
  return server;
}

function attach(server: Server, handlers: WebServerHandlers): void {
  const answers = new OpenAnswers();
  const onRequest =
    (mustContinue: boolean) =>
    (req: IncomingMessage, res: ServerResponse): void => {
      answers.add(req.socket, res);
      handlers.request(req, res, mustContinue);
    };
  server.on("request", onRequest(false));
  server.on("checkContinue", onRequest(true));
  server.on("upgrade", handlers.upgrade);
  // Nobody is connected anywhere by this server.
  server.on("connect", (_req, socket) =>
    handlers.broken(Object.assign(new Error("CONNECT"), { code: "METHOD" }), socket, true),
  );
  server.on("clientError", (error, socket) => {
    handlers.broken(error, socket, socket.writable && answers.allowAnother(socket));
  });
  server.on("drop", (data) => handlers.dropped(data?.remoteAddress ?? "unknown"));
}

/** Which answers each connection waits for. */
class OpenAnswers {
  readonly #open = new WeakMap<Duplex, Set<ServerResponse>>();

  add(socket: Duplex, res: ServerResponse): void {
    const open = this.#open.get(socket) ?? this.#begin(socket);
    open.add(res);
    res.once("close", () => open.delete(res));
  }

  #begin(socket: Duplex): Set<ServerResponse> {
    const open = new Set<ServerResponse>();
    this.#open.set(socket, open);
    return open;
  }

  /**
   * Whether what is written now can only be read as the answer to what is broken: not in the middle of another answer,
   * nor in the place of one.
   */
  allowAnother(socket: Duplex): boolean {
    const open = [...(this.#open.get(socket) ?? [])];
    return open.length <= 1 && open.every(({ headersSent }) => !headersSent);
  }
}

/** Takes no new connections from now on; those there are stay, also the idle ones: their next request gets an answer. */
export function stopAccepting(server: Server): void {
  if (server.listening) NetServer.prototype.close.call(server);
}
