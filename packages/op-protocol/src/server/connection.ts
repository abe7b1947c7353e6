import type { JsonObject, Logger } from "op-core";
import type { ClientLabel, Principal } from "op-tools";
import { toJsonRpcError } from "../errors/to-json-rpc-error.ts";
import { invalidParams, JsonRpcError, rpcCodes } from "../json-rpc/json-rpc-error.ts";
import {
  classifyMessage,
  isJsonObject,
  type RequestId,
  type RpcNotification,
  type RpcRequest,
} from "../json-rpc/json-rpc-message.ts";
import { listChangedMethod } from "../methods/subscriptions.ts";
import { serverCapabilities } from "../methods/session.ts";
import { hasEnvelope, metaKeys, parseClientLabel, parseEnvelope } from "../revisions/envelope.ts";
import { negotiateRevision } from "../revisions/revision.ts";
import type { Malformed, Transport } from "../transports/transport.ts";
import type { ChangeFeed, HostChange } from "./change-feed.ts";
import { createClientRequests, type ClientRequests } from "./client-requests.ts";
import type { Exchange, LegacySession, Speech } from "./exchange.ts";
import type { McpHost } from "./mcp-host.ts";
import type { Method, MethodTable } from "./method.ts";

/** What a connection is made of. */
export interface ConnectionOptions {
  readonly transport: Transport;
  readonly principal: Principal;
  readonly host: McpHost;
  readonly methods: MethodTable;
  readonly feed: ChangeFeed;
  readonly logger: Logger;
  readonly maxInFlight: number;
}

/** One client over one transport. Disposing aborts what is in flight and closes the transport. */
export interface McpConnection extends AsyncDisposable {
  readonly id: string;
  /** Resolves when nothing more will come from the other side, which may still read answers; never rejects. */
  readonly ended: Promise<void>;
  /** Resolves when the other side has left; never rejects. */
  readonly closed: Promise<void>;
  /** Resolves when nothing is in flight but subscriptions, which end with the connection. */
  whenIdle(): Promise<void>;
}

const noMeta: JsonObject = {};
const noParams: JsonObject = {};

/** Why a request of a client that left is aborted. */
const clientLeft = new DOMException("The client left.", "AbortError");
const clientCancelled = new DOMException("The client cancelled the request.", "AbortError");

interface Session extends LegacySession {
  readonly client: ClientLabel | undefined;
  readonly capabilities: JsonObject;
  isInitialized: boolean;
}

/** A request's era and what only its envelope or its session knows. */
type Caller = Pick<Exchange, "speech" | "client" | "capabilities" | "logLevel">;

let opened = 0;

/** Tells connections of all processes apart in logs. It is a name, not a secret. */
function createConnectionId(): string {
  opened += 1;
  return `${Math.trunc(performance.timeOrigin).toString(36)}-${process.pid}-${opened}`;
}

class Connection implements McpConnection {
  readonly id = createConnectionId();
  readonly ended: Promise<void>;
  readonly closed: Promise<void>;
  readonly #options: ConnectionOptions;
  readonly #clientRequests: ClientRequests;
  readonly #inFlight = new Map<RequestId, AbortController>();
  readonly #changes: Disposable;
  readonly #end = Promise.withResolvers<void>();
  readonly #close = Promise.withResolvers<void>();
  /** Requests in flight that will be answered by themselves. */
  #busy = 0;
  #idleWaiters: (() => void)[] = [];
  #session: Session | undefined;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.ended = this.#end.promise;
    this.closed = this.#close.promise;
    this.#clientRequests = createClientRequests((message) => options.transport.send(message));
    this.#changes = options.feed.onChange((change) => this.#tellSession(change));
    options.transport.start({
      message: (value) => this.#receive(value),
      malformed: (problem) => this.#refuse(problem),
      ended: () => this.#end.resolve(),
      closed: (reason) => this.#leave(reason),
    });
  }

  whenIdle(): Promise<void> {
    if (this.#busy === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idleWaiters.push(resolve));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#leave();
    await this.#options.transport[Symbol.asyncDispose]();
  }

  #leave(reason?: Error): void {
    if (reason !== undefined)
      this.#options.logger.warn("the connection was lost", { error: reason });
    this.#changes[Symbol.dispose]();
    this.#clientRequests.fail(clientLeft);
    for (const controller of this.#inFlight.values()) controller.abort(clientLeft);
    this.#end.resolve();
    this.#close.resolve();
  }

  #refuse({ kind, detail }: Malformed): void {
    const code = kind === "too-large" ? rpcCodes.invalidRequest : rpcCodes.parseError;
    this.#options.transport.send({
      jsonrpc: "2.0",
      error: { code, message: `Unreadable message: ${detail}` },
    });
  }

  #receive(value: unknown): void {
    const message = classifyMessage(value);
    switch (message.kind) {
      case "request":
        this.#accept(message.request);
        return;
      case "notification":
        this.#notice(message.notification);
        return;
      case "response":
        if (!this.#clientRequests.settle(message.response)) {
          this.#options.logger.debug("an answer nobody waits for", { id: message.response.id });
        }
        return;
      case "invalid": {
        const id = message.id === undefined ? {} : { id: message.id };
        const error = {
          code: rpcCodes.invalidRequest,
          message: `Invalid message: ${message.problem}.`,
        };
        this.#options.transport.send({ jsonrpc: "2.0", ...id, error });
      }
    }
  }

  #notice({ method, params = noParams }: RpcNotification): void {
    if (method === "notifications/initialized") {
      if (this.#session !== undefined) this.#session.isInitialized = true;
    } else if (method === "notifications/cancelled") {
      const { requestId } = params;
      if (typeof requestId === "string" || typeof requestId === "number") {
        this.#inFlight.get(requestId)?.abort(clientCancelled);
      }
    }
  }

  #accept(request: RpcRequest): void {
    const { id } = request;
    if (this.#inFlight.has(id)) {
      this.#fail(
        id,
        new JsonRpcError(
          rpcCodes.invalidRequest,
          `Request ${JSON.stringify(id)} is still in flight.`,
        ),
      );
    } else if (this.#inFlight.size >= this.#options.maxInFlight) {
      const message = `${this.#inFlight.size} requests are in flight, which is as many as one client may have.`;
      this.#fail(id, new JsonRpcError(rpcCodes.invalidRequest, message));
    } else if (
      request.method === "initialize" &&
      !hasEnvelope(metaOf(request.params ?? noParams))
    ) {
      this.#initialize(request);
    } else if (request.method === "ping" && !hasEnvelope(metaOf(request.params ?? noParams))) {
      // The one request of the handshake era that may come before the handshake.
      this.#options.transport.send({ jsonrpc: "2.0", id, result: {} });
    } else void this.#answer(request);
  }

  async #answer(request: RpcRequest): Promise<void> {
    const controller = new AbortController();
    const weight = this.#options.methods[request.method]?.staysOpen === true ? 0 : 1;
    this.#inFlight.set(request.id, controller);
    this.#busy += weight;
    try {
      const result = await this.#handle(request, controller);
      if (!controller.signal.aborted)
        this.#options.transport.send({ jsonrpc: "2.0", id: request.id, result });
    } catch (error) {
      // Nobody waits for the answer to a cancelled request, and the protocol forbids sending one.
      if (!controller.signal.aborted) this.#fail(request.id, error);
    } finally {
      this.#inFlight.delete(request.id);
      this.#busy -= weight;
      if (this.#busy === 0) for (const wake of this.#idleWaiters.splice(0)) wake();
    }
  }

  async #handle(request: RpcRequest, controller: AbortController): Promise<object> {
    const { id, method: name, params = noParams } = request;
    const meta = metaOf(params);
    const caller = this.#callerOf(name, meta);
    const method = this.#methodOf(name, caller.speech);
    const { principal } = this.#options;
    const { signal } = controller;
    const notify = (notification: string, rest: object): void => {
      // A tool that goes on after its answer, as one that timed out may, must not speak for a request that is over.
      if (this.#inFlight.get(id) === controller)
        this.#options.transport.send({ jsonrpc: "2.0", method: notification, params: rest });
    };
    const exchange = {
      id,
      method: name,
      params,
      meta,
      principal,
      sessionId: this.id,
      signal,
      notify,
      ...caller,
    };
    const result = await method.handle(exchange);
    return caller.speech.era === "modern" ? this.#complete(result, method) : result;
  }

  #complete(result: object, { cache }: Method): object {
    const meta = "_meta" in result && isJsonObject(result._meta) ? result._meta : noMeta;
    const _meta = { ...meta, [metaKeys.serverInfo]: this.#options.host.info };
    return { resultType: "complete", ...cache, ...result, _meta };
  }

  #callerOf(method: string, meta: JsonObject): Caller {
    if (hasEnvelope(meta) || method === "server/discover") {
      const { revision, client, capabilities, logLevel } = parseEnvelope(meta);
      return { speech: { era: "modern", revision }, client, capabilities, logLevel };
    }
    const session = this.#session;
    if (session === undefined) {
      const message =
        "The session is not open: send initialize first, or put the protocol version into _meta.";
      throw new JsonRpcError(rpcCodes.invalidRequest, message);
    }
    const { client, capabilities, logLevel } = session;
    return { speech: { era: "legacy", session }, client, capabilities, logLevel };
  }

  #methodOf(name: string, { era }: Speech): Method {
    const { methods } = this.#options;
    const method = Object.hasOwn(methods, name) ? methods[name] : undefined;
    if (method === undefined || !method.eras.includes(era)) {
      throw new JsonRpcError(rpcCodes.methodNotFound, `Method not found: ${name}`);
    }
    return method;
  }

  #initialize({ id, params = noParams }: RpcRequest): void {
    const { protocolVersion, capabilities, clientInfo } = params;
    if (typeof protocolVersion !== "string" || !isJsonObject(capabilities)) {
      this.#fail(
        id,
        invalidParams("initialize needs protocolVersion, a string, and capabilities, an object."),
      );
      return;
    }
    if (this.#session !== undefined) {
      this.#fail(id, new JsonRpcError(rpcCodes.invalidRequest, "The session is already open."));
      return;
    }
    const revision = negotiateRevision(protocolVersion);
    const { info, instructions } = this.#options.host;
    this.#session = {
      revision,
      requestClient: (method, asked, signal) => this.#clientRequests.request(method, asked, signal),
      logLevel: "info",
      subscriptions: new Set(),
      client: parseClientLabel(clientInfo),
      capabilities,
      isInitialized: false,
    };
    const greeting = instructions === undefined ? {} : { instructions };
    const result = {
      protocolVersion: revision,
      capabilities: serverCapabilities,
      serverInfo: info,
      ...greeting,
    };
    this.#options.transport.send({ jsonrpc: "2.0", id, result });
  }

  #fail(id: RequestId, error: unknown): void {
    const era = this.#session === undefined ? "modern" : "legacy";
    const origin = { era, requestId: `${this.id}:${id}`, logger: this.#options.logger } as const;
    this.#options.transport.send({ jsonrpc: "2.0", id, error: toJsonRpcError(error, origin) });
  }

  #tellSession(change: HostChange): void {
    const session = this.#session;
    if (session?.isInitialized !== true) return;
    if (change.kind === "list-changed") {
      this.#options.transport.send({ jsonrpc: "2.0", method: listChangedMethod(change.list) });
    } else if (session.subscriptions.has(change.uri)) {
      const params = { uri: change.uri };
      this.#options.transport.send({
        jsonrpc: "2.0",
        method: "notifications/resources/updated",
        params,
      });
    }
  }
}

function metaOf(params: JsonObject): JsonObject {
  const meta = params["_meta"];
  return isJsonObject(meta) ? meta : noMeta;
}

/** Serves one client. The transport is started by this and belongs to the connection from then on. */
export function connect(options: ConnectionOptions): McpConnection {
  return new Connection(options);
}
