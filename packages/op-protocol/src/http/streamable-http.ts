import type { IncomingMessage, ServerResponse } from "node:http";
import { type Clock, isJsonObject, type Logger, silentLogger, systemClock } from "op-core";
import type { Principal } from "op-tools";
import { rpcCodes } from "../json-rpc/json-rpc-error.ts";
import { classifyMessage, type RpcRequest } from "../json-rpc/json-rpc-message.ts";
import { hasEnvelope } from "../revisions/envelope.ts";
import { isModernRevision } from "../revisions/revision.ts";
import { metaOf } from "../server/dispatch.ts";
import type { McpServer } from "../server/mcp-server.ts";
import { createMemorySessionStore } from "../sessions/memory-session-store.ts";
import type { SessionStore } from "../sessions/session-store.ts";
import { Drain, type DrainOptions } from "./drain.ts";
import { busyRefusal, LegacySide } from "./legacy-side.ts";
import { parseAccept } from "./content-negotiation.ts";
import { serveModern, type ModernPost } from "./modern-post.ts";
import { readBody, type BodyLimits } from "./read-body.ts";
import { sendRefusal, type Refusal } from "./refusal.ts";
import { headerOf, versionHeader } from "./request-headers.ts";
import { sendAccepted } from "./send-accepted.ts";
import { SessionTable, type McpView, type Scope } from "./session-table.ts";
import { watchStall } from "./slow-client.ts";
import type { SseRules } from "./sse-writer.ts";

/** How MCP is served over Streamable HTTP. */
export interface HttpHandlerOptions {
  /** What is served where a request names no view. */
  readonly server: McpServer;
  /** Where sessions live; in this process by default, which then ends the store with itself. */
  readonly store?: SessionStore;
  /** A session that nobody used for this long ends. */
  readonly idleTtlMs?: number;
  /** Sessions this process holds; the one idle for longest makes room, and ends unless the store is shared. */
  readonly maxSessions?: number;
  /** Requests that are answered at the same time; whoever comes then is refused. */
  readonly maxInFlight?: number;
  readonly maxBodyBytes?: number;
  readonly bodyTimeoutMs?: number;
  readonly keepAliveMs?: number;
  /** A client that lets more than this wait on a stream is given up. */
  readonly maxQueuedBytes?: number;
  /** An answer that takes longer is streamed, where the client reads streams. */
  readonly streamAfterMs?: number;
  /**
   * The connection of a stream is ended after this long, so that none outlives what proxies allow; the client comes back
   * for the rest. Only where it knows how to, and never unless told.
   */
  readonly maxConnectionMs?: number;
  /** How soon a client should come back to a stream that was cut. */
  readonly retryMs?: number;
  readonly clock?: Clock;
  readonly logger?: Logger;
}

/** What is known of a request besides the request. */
export interface HttpCaller {
  /** Who it is; authenticating is the caller's part. */
  readonly principal: Principal;
  /** The view that belongs to the URL. */
  readonly view?: McpView;
  /**
   * The refusal of HTTP that answers a call which failed this way, such as a 403 for a token with too few scopes. Asked
   * before an answer has begun; nothing means that the client gets MCP's answer.
   */
  readonly refusalFor?: (error: unknown) => Refusal | undefined;
}

/** Serves MCP to whatever listens for HTTP. */
export interface HttpHandler extends AsyncDisposable {
  /** Sessions this process holds. */
  readonly sessionCount: number;
  /** Requests that are being answered, also those that stay open to listen. */
  readonly inFlight: number;
  /** Answers one request of the MCP endpoint. Resolves when the answer is written, or its stream is open; never rejects. */
  handle(req: IncomingMessage, res: ServerResponse, caller: HttpCaller): Promise<void>;
  /** Takes no new work from now on, and resolves when everything begun is answered and every stream is closed. */
  drain(options?: DrainOptions): Promise<void>;
}

const defaults = {
  idleTtlMs: 30 * 60_000,
  maxSessions: 10_000,
  maxInFlight: 4096,
  maxBodyBytes: 4 * 1024 * 1024,
  bodyTimeoutMs: 30_000,
  keepAliveMs: 15_000,
  maxQueuedBytes: 4 * 1024 * 1024,
  streamAfterMs: 10_000,
  retryMs: 1000,
} as const;

type Settings = HttpHandlerOptions &
  Required<Pick<HttpHandlerOptions, keyof typeof defaults | "clock" | "logger" | "store">>;

const notAllowed: Refusal = {
  status: 405,
  code: rpcCodes.invalidRequest,
  message: "The MCP endpoint takes POST, and GET and DELETE for sessions.",
  headers: { allow: "POST, GET, DELETE" },
};

const internal: Refusal = {
  status: 500,
  code: rpcCodes.internalError,
  message: "The request failed unexpectedly. The server's log has the details.",
};

function namesModern(req: IncomingMessage): boolean {
  const version = headerOf(req, versionHeader);
  return version !== undefined && isModernRevision(version);
}

/** The request of a body that belongs to the stateless era; nothing when the body belongs to the other. */
function modernRequestOf(req: IncomingMessage, value: unknown): RpcRequest | undefined {
  const classified = classifyMessage(value);
  if (classified.kind !== "request") return undefined;
  const { request } = classified;
  return namesModern(req) || hasEnvelope(metaOf(request.params)) ? request : undefined;
}

/** The stateless era defines no notification of clients; it takes and ignores them. */
function isModernNotification(req: IncomingMessage, value: unknown): boolean {
  if (!isJsonObject(value) || "id" in value || typeof value["method"] !== "string") return false;
  const { params } = value;
  return namesModern(req) || (isJsonObject(params) && hasEnvelope(metaOf(params)));
}

class StreamableHttp implements HttpHandler {
  readonly #settings: Settings;
  readonly #ownsStore: boolean;
  readonly #view: McpView;
  readonly #table: SessionTable;
  readonly #legacy: LegacySide;
  readonly #limits: BodyLimits;
  readonly #sse: SseRules;
  readonly #drain = new Drain();

  constructor(options: HttpHandlerOptions) {
    const { clock = systemClock, logger = silentLogger } = options;
    const { store = createMemorySessionStore({ clock }) } = options;
    const settings = { ...defaults, ...options, clock, logger, store };
    this.#settings = settings;
    this.#ownsStore = options.store === undefined;
    this.#view = { name: "", server: options.server };
    this.#limits = settings;
    this.#sse = settings;
    this.#table = new SessionTable({ ...settings, isShared: !this.#ownsStore });
    this.#legacy = new LegacySide({ ...settings, table: this.#table, sse: this.#sse });
  }

  get sessionCount(): number {
    return this.#table.size;
  }

  get inFlight(): number {
    return this.#drain.inFlight;
  }

  async handle(req: IncomingMessage, res: ServerResponse, caller: HttpCaller): Promise<void> {
    res.on("error", () => undefined);
    try {
      await this.#route(req, res, { view: this.#view, ...caller });
    } catch (error) {
      this.#settings.logger.error("a request over HTTP failed unexpectedly", { error });
      if (res.headersSent) res.destroy();
      else sendRefusal(res, internal);
    }
    watchStall(res, this.#sse);
  }

  async drain(options: DrainOptions = {}): Promise<void> {
    await this.#drain.run(options);
    for (const session of this.#table) session.stopListening();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#drain.begin();
    await this.#table[Symbol.asyncDispose]();
    if (this.#ownsStore) await this.#settings.store[Symbol.asyncDispose]();
  }

  async #route(req: IncomingMessage, res: ServerResponse, scope: Scope): Promise<void> {
    const { isDraining } = this.#drain;
    const request = { req, res, scope, isDraining };
    if (req.method === "POST") await this.#drain.track(() => this.#post(req, res, scope));
    else if (namesModern(req)) sendRefusal(res, { ...notAllowed, headers: { allow: "POST" } });
    else if (req.method === "GET") await this.#legacy.get(request);
    else if (req.method === "DELETE") await this.#legacy.delete(request);
    else sendRefusal(res, notAllowed);
  }

  async #post(req: IncomingMessage, res: ServerResponse, scope: Scope): Promise<void> {
    const accepted = parseAccept(headerOf(req, "accept"));
    if (!accepted.json && !accepted.events) {
      const message = "Answers are application/json or text/event-stream; Accept allows neither.";
      sendRefusal(res, { status: 406, code: rpcCodes.invalidRequest, message });
      return;
    }
    if (this.inFlight > this.#settings.maxInFlight) {
      sendRefusal(res, busyRefusal);
      return;
    }
    const body = await readBody(req, this.#limits);
    if (body.kind === "refused") sendRefusal(res, body.refusal);
    if (body.kind !== "json") return;
    const { value } = body;
    const { isDraining } = this.#drain;
    const request = modernRequestOf(req, value);
    if (request !== undefined) {
      if (isDraining) sendRefusal(res, { ...busyRefusal, id: request.id });
      else await this.#serveModern({ req, res, request, accepted, scope });
    } else if (isModernNotification(req, value)) sendAccepted(res);
    else await this.#legacy.post({ req, res, scope, isDraining }, value, accepted);
  }

  async #serveModern(post: ModernPost): Promise<void> {
    const { clock, streamAfterMs } = this.#settings;
    const { leaving } = this.#drain;
    await serveModern(post, { clock, sse: this.#sse, streamAfterMs, leaving });
  }
}

/** Makes the MCP endpoint of a web server. It listens to nothing itself and trusts the principal it is given. */
export function createHttpHandler(options: HttpHandlerOptions): HttpHandler {
  return new StreamableHttp(options);
}
