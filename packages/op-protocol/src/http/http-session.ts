import { randomUUID } from "node:crypto";
import type { Clock, Logger } from "op-core";
import type { Principal } from "op-tools";
import type { RequestId, RpcMessage } from "../json-rpc/json-rpc-message.ts";
import type { LegacyRevision } from "../revisions/revision.ts";
import type { McpConnection } from "../server/connection.ts";
import type { McpServer } from "../server/mcp-server.ts";
import type { SessionRecord, SessionStore } from "../sessions/session-store.ts";
import type { Sender, Transport, TransportReceiver } from "../transports/transport.ts";
import { EventStream } from "./event-stream.ts";
import type { Reply } from "./reply.ts";
import type { SseWriter } from "./sse-writer.ts";

/** What a session in this process is made of. */
export interface HttpSessionOptions {
  readonly id: string;
  readonly view: string;
  readonly server: McpServer;
  readonly principal: Principal;
  readonly store: SessionStore;
  readonly idleTtlMs: number;
  readonly retryMs: number;
  readonly maxConnectionMs: number | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Methods that change what the store must know of a session. */
const changing = new Set([
  "logging/setLevel",
  "resources/subscribe",
  "resources/unsubscribe",
  "notifications/initialized",
]);

/** The first revision whose clients take an event without data. */
const firstPrimedRevision = "2025-11-25";

/**
 * One session of the handshake era while this process serves it: the transport of its connection, whose messages leave
 * on the answer to the POST they belong to, or else on the stream the client listens on.
 */
export class HttpSession implements Transport {
  readonly kind = "http";
  readonly #options: HttpSessionOptions;
  readonly #connection: McpConnection;
  readonly #replies = new Map<RequestId, Reply>();
  readonly #streams = new Map<string, EventStream>();
  /** Requests whose answer waits until the store knows what they changed. */
  readonly #changes = new Set<RequestId>();
  /** Questions of ours that the client has not answered. */
  readonly #questions = new Set<RequestId>();
  #receiver: TransportReceiver | undefined;
  #listening: EventStream | undefined;
  #version = 0;
  #isAdopted = false;
  #isClosed = false;

  constructor(options: HttpSessionOptions) {
    this.#options = options;
    this.#connection = options.server.connect(this, options.principal);
  }

  get id(): string {
    return this.#options.id;
  }

  /** Whether it may not be given up: somebody waits for an answer, or listens. */
  get isBusy(): boolean {
    if (this.#replies.size > 0) return true;
    for (const stream of this.#streams.values()) if (stream.isRead) return true;
    return false;
  }

  /** Whether its connection has ended: who comes back to it must begin anew. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  isAwaited(id: RequestId): boolean {
    return this.#replies.has(id);
  }

  /** Whether the client answers a question that was asked from here. */
  asked(id: RequestId): boolean {
    return this.#questions.has(id);
  }

  start(receiver: TransportReceiver): void {
    this.#receiver = receiver;
  }

  send(message: RpcMessage, about?: RequestId): void {
    const reply = about === undefined ? undefined : this.#replies.get(about);
    if (!("method" in message)) {
      if (about === undefined || reply === undefined) return;
      if (this.#changes.delete(about)) void this.#save().then(() => reply.send(message));
      else reply.send(message);
      this.#replies.delete(about);
      return;
    }
    if ("id" in message) this.#questions.add(message.id);
    if (reply?.send(message) !== true) this.#listening?.send(JSON.stringify(message));
  }

  /** Takes messages of the client; the answers to the requests among them go to `reply`. */
  async receive(messages: readonly RpcMessage[], sender: Sender, reply?: Reply): Promise<void> {
    for (const message of messages) {
      if (!("method" in message)) {
        if (message.id !== undefined) this.#questions.delete(message.id);
      } else if ("id" in message && reply !== undefined) {
        this.#replies.set(message.id, reply);
        if (changing.has(message.method)) this.#changes.add(message.id);
      }
      this.#receiver?.message(message, sender);
      if ("method" in message && !("id" in message)) await this.#follow(message);
    }
  }

  /** Whether another process served it too. */
  get isAdopted(): boolean {
    return this.#isAdopted;
  }

  /** Takes over what another process did with the session. */
  adopt({ version, state }: SessionRecord): void {
    if (version === this.#version) return;
    this.#version = version;
    this.#isAdopted = true;
    this.#connection.restore(state);
  }

  /** Writes the session as it is now into the store. */
  async save(): Promise<void> {
    const { id, principal, view, store, idleTtlMs } = this.#options;
    const state = this.#connection.session;
    if (state === undefined) return;
    this.#version += 1;
    const version = this.#version;
    await store.save({ id, principal: principal.id, view, version, state }, idleTtlMs);
  }

  get isOpen(): boolean {
    return this.#connection.session !== undefined;
  }

  get revision(): LegacyRevision | undefined {
    return this.#connection.session?.revision;
  }

  createStream(): EventStream {
    const { id, store, logger, retryMs, maxConnectionMs, clock } = this.#options;
    const stream = new EventStream({
      key: { session: id, stream: randomUUID() },
      store,
      logger,
      retryMs,
      maxConnectionMs,
      clock,
      isPrimed: (this.revision ?? "") >= firstPrimedRevision,
    });
    this.#streams.set(stream.name, stream);
    return stream;
  }

  /** Lets go of a stream that has ended; what it sent can still be had from the store. */
  forget(stream: EventStream): void {
    this.#streams.delete(stream.name);
  }

  findStream(name: string): EventStream | undefined {
    return this.#streams.get(name);
  }

  /** Tells the client on this stream what belongs to none of its requests. The one it listened on before ends. */
  listen(writer: SseWriter): void {
    const stream = this.createStream();
    this.stopListening();
    this.#listening = stream;
    stream.open(writer);
  }

  stopListening(): void {
    const stream = this.#listening;
    if (stream === undefined) return;
    this.#listening = undefined;
    this.forget(stream);
    stream.end();
  }

  /** Aborts what is in flight and ends every stream. */
  async close(): Promise<void> {
    await this.#connection[Symbol.asyncDispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.stopListening();
    for (const [id, reply] of this.#replies) reply.forgo(id);
    this.#replies.clear();
    for (const stream of this.#streams.values()) stream.end();
    this.#streams.clear();
    this.#receiver?.closed();
    await Promise.resolve();
  }

  async #follow(message: RpcMessage): Promise<void> {
    if (!("method" in message)) return;
    if (changing.has(message.method)) await this.#save();
    if (message.method !== "notifications/cancelled") return;
    const params: { readonly requestId?: unknown } = message.params ?? {};
    const { requestId } = params;
    if (typeof requestId !== "string" && typeof requestId !== "number") return;
    this.#replies.get(requestId)?.forgo(requestId);
    this.#replies.delete(requestId);
  }

  /** A store that cannot be written costs what other processes know, not the client's answer. */
  async #save(): Promise<void> {
    try {
      await this.save();
    } catch (error) {
      this.#options.logger.warn("a session's change could not be kept", { error });
    }
  }
}
