import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { setImmediate } from "node:timers/promises";
import { silentLogger, systemClock, type Clock, type Logger } from "op-core";
import { rpcCodes } from "../json-rpc/json-rpc-error.ts";
import type { RpcMessage } from "../json-rpc/json-rpc-message.ts";
import type { McpConnection } from "../server/connection.ts";
import type { McpServer } from "../server/mcp-server.ts";
import type { Transport, TransportReceiver } from "../transports/transport.ts";
import { Drain, waitFor, type DrainOptions } from "./drain.ts";
import { readMessages } from "./legacy-messages.ts";
import { busyRefusal } from "./legacy-side.ts";
import { parseAccept } from "./content-negotiation.ts";
import { readBody, type BodyLimits } from "./read-body.ts";
import { sendRefusal, sessionNotFoundCode, type Refusal } from "./refusal.ts";
import { headerOf, traceOf } from "./request-headers.ts";
import { sendAccepted } from "./send-accepted.ts";
import { SseWriter, type SseRules } from "./sse-writer.ts";
import type { HttpCaller } from "./streamable-http.ts";

/** How HTTP+SSE of revision 2024-11-05 is served. */
export interface SseHandlerOptions {
  /** What is served where a request names no view. */
  readonly server: McpServer;
  readonly maxConnections?: number;
  readonly maxBodyBytes?: number;
  readonly bodyTimeoutMs?: number;
  readonly keepAliveMs?: number;
  /** A client that lets more than this wait is given up. */
  readonly maxQueuedBytes?: number;
  readonly clock?: Clock;
  readonly logger?: Logger;
}

/** Serves clients that know nothing newer than HTTP+SSE. */
export interface SseHandler extends AsyncDisposable {
  readonly connectionCount: number;
  /** Answers one request of the endpoint: GET opens a connection, POST sends a message on one. Never rejects. */
  handle(req: IncomingMessage, res: ServerResponse, caller: HttpCaller): Promise<void>;
  /** Takes no new work from now on, and resolves when everything begun is answered and every stream is closed. */
  drain(options?: DrainOptions): Promise<void>;
}

const defaults = {
  maxConnections: 10_000,
  maxBodyBytes: 4 * 1024 * 1024,
  bodyTimeoutMs: 30_000,
  keepAliveMs: 15_000,
  maxQueuedBytes: 4 * 1024 * 1024,
} as const;

/** Carries messages to the client as events; those of the client come by POST. */
class SseTransport implements Transport {
  readonly kind = "sse";
  readonly #writer: SseWriter;
  receiver: TransportReceiver | undefined;

  constructor(writer: SseWriter) {
    this.#writer = writer;
  }

  start(receiver: TransportReceiver): void {
    this.receiver = receiver;
    this.#writer.onClosed(() => receiver.closed());
  }

  send(message: RpcMessage): void {
    this.#writer.write({ name: "message", data: JSON.stringify(message) });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#writer.end();
    await Promise.resolve();
  }
}

interface Connected {
  readonly principal: string;
  readonly view: string;
  readonly transport: SseTransport;
  readonly connection: McpConnection;
}

const notAllowed: Refusal = {
  status: 405,
  code: rpcCodes.invalidRequest,
  message: "The endpoint takes GET to connect and POST to send.",
  headers: { allow: "GET, POST" },
};

/** The client was told the whole URL, so that nothing in it is written in another way. */
function sessionIdOf(url: string): string {
  return /[?&]sessionId=(?<id>[^&]*)/u.exec(url)?.groups?.["id"] ?? "";
}

class LegacySse implements SseHandler {
  readonly #server: McpServer;
  readonly #maxConnections: number;
  readonly #limits: BodyLimits;
  readonly #sse: SseRules;
  readonly #logger: Logger;
  readonly #connected = new Map<string, Connected>();
  readonly #drain = new Drain();

  constructor(options: SseHandlerOptions) {
    const { clock = systemClock, logger = silentLogger } = options;
    const settings = { ...defaults, ...options, clock };
    this.#server = options.server;
    this.#maxConnections = settings.maxConnections;
    this.#limits = settings;
    this.#sse = settings;
    this.#logger = logger;
  }

  get connectionCount(): number {
    return this.#connected.size;
  }

  async handle(req: IncomingMessage, res: ServerResponse, caller: HttpCaller): Promise<void> {
    res.on("error", () => undefined);
    try {
      const refusal =
        req.method === "GET"
          ? this.#open(req, res, caller)
          : await this.#drain.track(() => this.#receive(req, res, caller));
      if (refusal !== undefined) sendRefusal(res, refusal);
    } catch (error) {
      this.#logger.error("a request over HTTP+SSE failed unexpectedly", { error });
      res.destroy();
    }
  }

  async drain(options: DrainOptions = {}): Promise<void> {
    await this.#drain.run(options);
    const all = [...this.#connected.values()];
    await waitFor(Promise.all(all.map(({ connection }) => connection.whenIdle())), options);
    await this.#close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#drain.begin();
    await this.#close();
  }

  #open(req: IncomingMessage, res: ServerResponse, caller: HttpCaller): Refusal | undefined {
    if (this.#drain.isDraining || this.#connected.size >= this.#maxConnections) return busyRefusal;
    if (!parseAccept(headerOf(req, "accept")).events)
      return { ...notAllowed, status: 406, message: "Accept must allow text/event-stream." };
    const { principal, view } = caller;
    const id = randomUUID();
    const writer = new SseWriter(res, this.#sse);
    const [path = "/"] = (req.url ?? "/").split("?");
    writer.write({ name: "endpoint", data: `${path}?sessionId=${id}` });
    const transport = new SseTransport(writer);
    const connection = (view?.server ?? this.#server).connect(transport, principal);
    const connected = { principal: principal.id, view: view?.name ?? "", transport, connection };
    this.#connected.set(id, connected);
    writer.onClosed(() => this.#connected.delete(id));
    return undefined;
  }

  async #receive(
    req: IncomingMessage,
    res: ServerResponse,
    { principal, view }: HttpCaller,
  ): Promise<Refusal | undefined> {
    if (req.method !== "POST") return notAllowed;
    const body = await readBody(req, this.#limits);
    if (body.kind === "refused") return body.refusal;
    if (body.kind === "left") return undefined;
    const connected = this.#connected.get(sessionIdOf(req.url ?? ""));
    const isTheirs = connected?.principal === principal.id && connected.view === (view?.name ?? "");
    if (!isTheirs)
      return { status: 404, code: sessionNotFoundCode, message: "There is no such connection." };
    const post = readMessages(body.value);
    if ("status" in post) return post;
    if (this.#drain.isDraining && post.requests.length > 0) return busyRefusal;
    const sender = { principal, ...traceOf(req) };
    for (const message of post.messages) connected.transport.receiver?.message(message, sender);
    // The answer comes elsewhere, and what it waits for goes first.
    await setImmediate();
    sendAccepted(res);
    return undefined;
  }

  async #close(): Promise<void> {
    const all = [...this.#connected.values()];
    this.#connected.clear();
    await Promise.all(all.map(({ connection }) => connection[Symbol.asyncDispose]()));
  }
}

/** Makes the endpoint of HTTP+SSE, the transport that Streamable HTTP replaced, for clients that know no other. */
export function createSseHandler(options: SseHandlerOptions): SseHandler {
  return new LegacySse(options);
}
