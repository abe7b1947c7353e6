import { TransientMap, type JsonObject, type Logger } from "op-core";
import type { ClientSession, Principal } from "op-tools";
import { toJsonRpcError } from "../errors/to-json-rpc-error.ts";
import { JsonRpcError, rpcCodes } from "../json-rpc/json-rpc-error.ts";
import {
  classifyMessage,
  type RequestId,
  type RpcMessage,
  type RpcNotification,
  type RpcRequest,
} from "../json-rpc/json-rpc-message.ts";
import { serverCapabilities } from "../methods/session.ts";
import { listChangedMethod } from "../methods/subscriptions.ts";
import { hasEnvelope, parseEnvelope } from "../revisions/envelope.ts";
import type { Malformed, Sender, Transport } from "../transports/transport.ts";
import type { ChangeFeed, HostChange } from "./change-feed.ts";
import { createClientRequests, type ClientRequests } from "./client-requests.ts";
import { nameConnection } from "./connection-name.ts";
import { metaOf, noParams, type Dispatch } from "./dispatch.ts";
import type { Exchange } from "./exchange.ts";
import type { McpHost } from "./mcp-host.ts";
import type { MethodTable } from "./method.ts";
import { ResourceSubscriptions } from "./resource-subscriptions.ts";
import { parseInitialize, Session, type SessionState } from "./session.ts";

/** What a connection is made of. */
export interface ConnectionOptions {
  readonly transport: Transport;
  readonly principal: Principal;
  readonly host: McpHost;
  readonly methods: MethodTable;
  readonly dispatch: Dispatch;
  /** Aborts when the server leaves. */
  readonly leaving: AbortSignal;
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
  /** The session as it is now, where the client opened one. */
  readonly session: SessionState | undefined;
  /** Goes on with a session that was opened elsewhere, or takes over what changed in it. */
  restore(state: SessionState): void;
  /** Resolves when nothing is in flight but subscriptions, which end with the connection. */
  whenIdle(): Promise<void>;
}

/** Why a request of a client that left is aborted. */
const clientLeft = new DOMException("The client left.", "AbortError");
const longestReason = 500;

/** The client's own words go on to whoever works for it. */
function toCancellation(reason: unknown): DOMException {
  const words = typeof reason === "string" ? reason.slice(0, longestReason) : "";
  return new DOMException(words === "" ? "The client cancelled the request." : words, "AbortError");
}

/** A request's era and what only its envelope or its session knows. */
type Speaker = Pick<Exchange, "speech" | "client" | "capabilities" | "logLevel">;

interface InFlight {
  readonly controller: AbortController;
  readonly sender: Sender;
}

class Connection implements McpConnection {
  readonly id = nameConnection();
  readonly ended: Promise<void>;
  readonly closed: Promise<void>;
  readonly #options: ConnectionOptions;
  readonly #clientRequests: ClientRequests;
  readonly #inFlight = new TransientMap<RequestId, InFlight>();
  readonly #changes: Disposable;
  readonly #subscriptions: ResourceSubscriptions;
  readonly #end = Promise.withResolvers<void>();
  readonly #close = Promise.withResolvers<void>();
  readonly #told: ClientSession = {
    notify: (method, params) => this.#send({ jsonrpc: "2.0", method, params }),
    ended: this.#close.promise,
  };
  /** Requests in flight that will be answered by themselves. */
  #busy = 0;
  #idleWaiters: (() => void)[] = [];
  #session: Session | undefined;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.ended = this.#end.promise;
    this.closed = this.#close.promise;
    this.#clientRequests = createClientRequests((message, about) => this.#send(message, about));
    const { host, logger, principal } = options;
    const everybody: Sender = { principal };
    this.#subscriptions = new ResourceSubscriptions({
      sources: host.resources,
      sessionId: this.id,
      logger,
    });
    this.#changes = options.feed.onChange((change) => this.#tellSession(change));
    options.transport.start({
      message: (value, sender = everybody) => this.#receive(value, sender),
      malformed: (problem) => this.#refuse(problem),
      ended: () => this.#end.resolve(),
      closed: (reason) => this.#leave(reason),
    });
  }

  get session(): SessionState | undefined {
    return this.#session?.state;
  }

  restore(state: SessionState): void {
    const { request: requestClient } = this.#clientRequests;
    const subscriptions = this.#subscriptions;
    subscriptions.adopt(state.subscriptions, this.#options.principal);
    this.#session = new Session(state, { requestClient, subscriptions, told: this.#told });
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
    this.#subscriptions[Symbol.dispose]();
    this.#clientRequests.fail(clientLeft);
    for (const [, { controller }] of this.#inFlight) controller.abort(clientLeft);
    this.#end.resolve();
    this.#close.resolve();
  }

  #refuse({ kind, detail }: Malformed): void {
    const isJson = kind === "too-large" || kind === "too-deep";
    const code = isJson ? rpcCodes.invalidRequest : rpcCodes.parseError;
    this.#send({ jsonrpc: "2.0", error: { code, message: `Unreadable message: ${detail}` } });
  }

  #receive(value: unknown, sender: Sender): void {
    const message = classifyMessage(value);
    switch (message.kind) {
      case "request":
        this.#accept(message.request, sender);
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
        this.#send({ jsonrpc: "2.0", ...id, error }, message.id);
      }
    }
  }

  #notice({ method, params = {} }: RpcNotification): void {
    if (method === "notifications/initialized") {
      if (this.#session !== undefined) this.#session.isInitialized = true;
    } else if (method === "notifications/cancelled") {
      const { requestId, reason } = params;
      if (typeof requestId === "string" || typeof requestId === "number") {
        this.#inFlight.get(requestId)?.controller.abort(toCancellation(reason));
      }
    }
  }

  #accept(request: RpcRequest, sender: Sender): void {
    const { id, method } = request;
    const isLegacy = !hasEnvelope(metaOf(request.params));
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
    } else if (method === "initialize" && isLegacy) this.#initialize(request);
    // The one request of the handshake era that may come before the handshake.
    else if (method === "ping" && isLegacy) this.#send({ jsonrpc: "2.0", id, result: {} }, id);
    else void this.#answer(request, { controller: new AbortController(), sender });
  }

  async #answer(request: RpcRequest, held: InFlight): Promise<void> {
    const { id } = request;
    const { signal } = held.controller;
    const weight = this.#options.methods[request.method]?.staysOpen === true ? 0 : 1;
    this.#inFlight.set(id, held);
    this.#busy += weight;
    try {
      const result = await this.#options.dispatch(this.#exchangeOf(request, held));
      if (!signal.aborted) this.#send({ jsonrpc: "2.0", id, result }, id);
    } catch (error) {
      // Nobody waits for the answer to a cancelled request, and the protocol forbids sending one.
      if (!signal.aborted) this.#fail(id, error);
    } finally {
      this.#inFlight.take(id);
      this.#busy -= weight;
      if (this.#busy === 0) for (const wake of this.#idleWaiters.splice(0)) wake();
    }
  }

  /** Field by field: this is made for each request, and to spread others into it would cost more than all the rest. */
  #exchangeOf({ id, method, params = noParams }: RpcRequest, held: InFlight): Exchange {
    const { sender, controller } = held;
    const { leaving, transport } = this.#options;
    const meta = metaOf(params);
    const { speech, client, capabilities, logLevel } = this.#speakerOf(method, meta);
    return {
      id,
      method,
      params,
      meta,
      speech,
      client,
      capabilities,
      logLevel,
      principal: sender.principal,
      trace: sender.trace,
      refuse: sender.refuse,
      sessionId: this.id,
      transport: transport.kind,
      signal: controller.signal,
      leaving,
      notify: (notification, rest) => {
        // A tool that goes on after its answer, as one that timed out may, must not speak for a request that is over.
        if (this.#inFlight.get(id) === held)
          this.#send({ jsonrpc: "2.0", method: notification, params: rest }, id);
      },
    };
  }

  #speakerOf(method: string, meta: JsonObject): Speaker {
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

  #initialize({ id, params = {} }: RpcRequest): void {
    try {
      const state = parseInitialize(params);
      if (this.#session !== undefined)
        throw new JsonRpcError(rpcCodes.invalidRequest, "The session is already open.");
      this.restore(state);
      this.#send({ jsonrpc: "2.0", id, result: greet(this.#options.host, state) }, id);
    } catch (error) {
      this.#fail(id, error);
    }
  }

  #fail(id: RequestId, error: unknown): void {
    const era = this.#session === undefined ? "modern" : "legacy";
    const origin = { era, requestId: `${this.id}:${id}`, logger: this.#options.logger } as const;
    this.#send({ jsonrpc: "2.0", id, error: toJsonRpcError(error, origin) }, id);
  }

  #send(message: RpcMessage, about?: RequestId): void {
    this.#options.transport.send(message, about);
  }

  #tellSession(change: HostChange): void {
    const session = this.#session;
    if (session?.isInitialized !== true) return;
    if (change.kind === "list-changed") {
      this.#send({ jsonrpc: "2.0", method: listChangedMethod(change.list) });
    } else if (session.subscriptions.has(change.uri)) {
      const params = { uri: change.uri };
      this.#send({ jsonrpc: "2.0", method: "notifications/resources/updated", params });
    }
  }
}

function greet({ info, instructions }: McpHost, { revision }: SessionState): object {
  const greeting = instructions === undefined ? {} : { instructions };
  return {
    protocolVersion: revision,
    capabilities: serverCapabilities,
    serverInfo: info,
    ...greeting,
  };
}

/** Serves one client. The transport is started by this and belongs to the connection from then on. */
export function connect(options: ConnectionOptions): McpConnection {
  return new Connection(options);
}
