import {
  type Clock,
  DeadlineExceededError,
  isJsonObject,
  isOpError,
  type JsonObject,
  type Logger,
  type Timer,
  TransientMap,
} from "op-core";
import { JsonRpcError, rpcCodes } from "../json-rpc/json-rpc-error.ts";
import {
  classifyMessage,
  type RequestId,
  type RpcErrorBody,
  type RpcNotification,
  type RpcRequest,
  type RpcResponse,
} from "../json-rpc/json-rpc-message.ts";
import type { ClientReceiver, ClientTransport, SendHints } from "./client-transport.ts";
import { UpstreamClosedError } from "./upstream-error.ts";

/** One request on its way. */
export interface Exchange<Tag> {
  readonly method: string;
  readonly params?: JsonObject;
  readonly signal?: AbortSignal | undefined;
  /** Time without an answer; progress starts it again. Without one the request waits for ever. */
  readonly timeoutMs?: number | undefined;
  /** How far the request has come, as the server says it. */
  readonly onProgress?: ((params: JsonObject) => void) | undefined;
  /** Log messages that came by the request's own channel, where the transport has one. */
  readonly onLog?: ((params: JsonObject) => void) | undefined;
  /** Other notifications that came so, but those that tell of changes. */
  readonly onNotification?: ((notification: RpcNotification) => void) | undefined;
  readonly hints?: SendHints | undefined;
  /** What the caller wants to find again when the server asks something meanwhile. */
  readonly tag?: Tag | undefined;
}

/** What a peer takes. */
export interface RpcPeerOptions<Tag> {
  readonly transport: ClientTransport;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Answers a request of the server's. */
  answer(request: RpcRequest, from: RequestOrigin<Tag>): Promise<JsonObject>;
  notified(notification: RpcNotification): void;
  closed(reason: Error): void;
}

/** What is known of where a server's request comes from. */
export interface RequestOrigin<Tag> {
  /** The tag of our request it belongs to, where the transport tells. */
  readonly about: Tag | undefined;
  /** The tags of all requests in flight that have one, the latest last. */
  readonly inFlight: readonly Tag[];
  readonly signal: AbortSignal;
  /** Ends our requests with this tag. */
  giveUp(tag: Tag, reason: Error): void;
}

/** A request that waits for its answer. */
class Pending<Tag> {
  readonly exchange: Exchange<Tag>;
  readonly resolve: (result: JsonObject) => void;
  readonly reject: (error: unknown) => void;
  /** When it is given up unless the server gives a sign of life; never where that is infinite. */
  deadlineMs = Infinity;
  onAbort: (() => void) | undefined;

  constructor(
    exchange: Exchange<Tag>,
    resolve: (result: JsonObject) => void,
    reject: (error: unknown) => void,
  ) {
    this.exchange = exchange;
    this.resolve = resolve;
    this.reject = reject;
  }
}

/** A server that floods its client with questions waits for none of them. */
const mostQuestions = 64;

/** Notifications that are nobody's own, whatever channel they come by. */
const everybodys =
  /^notifications\/(?:message|(?:tools|resources|prompts)\/list_changed|resources\/updated)$/u;

/** Speaks JSON-RPC as the side that asks: matches answers to requests, times out, cancels, and answers what is asked back. */
export class RpcPeer<Tag> implements ClientReceiver {
  readonly #options: RpcPeerOptions<Tag>;
  readonly #pending = new TransientMap<RequestId, Pending<Tag>>();
  readonly #questions = new Map<RequestId, AbortController>();
  #lastId = 0;
  #timer: Timer | undefined;
  /** When the timer is due. */
  #dueMs = Infinity;
  #closedBy: Error | undefined;

  constructor(options: RpcPeerOptions<Tag>) {
    this.#options = options;
    options.transport.start(this);
  }

  get isClosed(): boolean {
    return this.#closedBy !== undefined;
  }

  get inFlight(): number {
    return this.#pending.size;
  }

  request(exchange: Exchange<Tag>): Promise<JsonObject> {
    const { signal } = exchange;
    if (this.#closedBy !== undefined) return Promise.reject(this.#closedBy);
    if (signal?.aborted === true) return Promise.reject(toError(signal.reason));
    const id = (this.#lastId += 1);
    return new Promise<JsonObject>((resolve, reject) => {
      const pending = new Pending(exchange, resolve, reject);
      this.#pending.set(id, pending);
      this.#startTime(pending);
      if (signal !== undefined) {
        pending.onAbort = () => this.#giveUp(id, toError(signal.reason));
        signal.addEventListener("abort", pending.onAbort);
      }
      const { method, hints } = exchange;
      const params = withProgressToken(exchange, id);
      this.#options.transport.send(
        params === undefined
          ? { jsonrpc: "2.0", id, method }
          : { jsonrpc: "2.0", id, method, params },
        hints,
      );
    });
  }

  /** Ends the requests with this tag. */
  giveUp(tag: Tag, reason: Error): void {
    for (const [id, { exchange }] of this.#pending)
      if (exchange.tag === tag) this.#giveUp(id, reason);
  }

  notify(method: string, params?: JsonObject): void {
    if (this.#closedBy !== undefined) return;
    this.#options.transport.send({
      jsonrpc: "2.0",
      method,
      ...(params === undefined ? {} : { params }),
    });
  }

  message(value: unknown, about?: RequestId): void {
    if (this.#closedBy !== undefined) return;
    const classified = classifyMessage(value);
    if (classified.kind === "response") this.#settle(classified.response);
    else if (classified.kind === "request") void this.#answer(classified.request, about);
    else if (classified.kind === "notification") this.#take(classified.notification, about);
    else this.#options.logger.debug("an upstream's message was skipped", classified);
  }

  failed(id: RequestId, error: Error): void {
    this.#end(id)?.reject(error);
  }

  closed(reason: Error): void {
    if (this.#closedBy !== undefined) return;
    const error = isOpError(reason) ? reason : new UpstreamClosedError(reason.message, reason);
    this.#closedBy = error;
    this.#timer?.[Symbol.dispose]();
    for (const controller of this.#questions.values()) controller.abort(error);
    for (const [id] of this.#pending) this.#end(id)?.reject(error);
    this.#options.closed(error);
  }

  /** Whatever ends a request first, nothing of it is left behind. */
  #end(id: RequestId): Pending<Tag> | undefined {
    const pending = this.#pending.take(id);
    if (pending?.onAbort !== undefined)
      pending.exchange.signal?.removeEventListener("abort", pending.onAbort);
    return pending;
  }

  #giveUp(id: RequestId, reason: Error): void {
    const pending = this.#end(id);
    if (pending === undefined) return;
    // The protocol forbids to cancel the handshake.
    if (pending.exchange.method !== "initialize")
      this.notify("notifications/cancelled", { requestId: id, reason: reason.message });
    pending.reject(reason);
  }

  #startTime(pending: Pending<Tag>): void {
    const { timeoutMs = Infinity } = pending.exchange;
    if (timeoutMs === Infinity) return;
    pending.deadlineMs = this.#options.clock.monotonic() + timeoutMs;
    if (pending.deadlineMs < this.#dueMs) this.#setTimer(pending.deadlineMs, timeoutMs);
  }

  /**
   * One timer serves all requests: it is set for the earliest of their deadlines, outlives those that were answered, and
   * seldom has anything to do.
   */
  #setTimer(dueMs: number, delayMs: number): void {
    this.#timer?.[Symbol.dispose]();
    this.#dueMs = dueMs;
    this.#timer = this.#options.clock.startTimer(delayMs, () => this.#giveUpLate());
    // What a request waits for keeps the process alive.
    this.#timer.unref();
  }

  #giveUpLate(): void {
    const nowMs = this.#options.clock.monotonic();
    let nextMs = Infinity;
    this.#dueMs = Infinity;
    for (const [id, { deadlineMs, exchange }] of this.#pending) {
      const { method, timeoutMs = Infinity } = exchange;
      if (deadlineMs <= nowMs)
        this.#giveUp(
          id,
          new DeadlineExceededError(`The upstream's answer to ${method}`, timeoutMs),
        );
      else nextMs = Math.min(nextMs, deadlineMs);
    }
    if (nextMs < this.#dueMs) this.#setTimer(nextMs, nextMs - nowMs);
  }

  #settle(response: RpcResponse): void {
    if (response.id === undefined) return;
    if ("error" in response) this.#end(response.id)?.reject(toJsonRpcError(response.error));
    else if (isJsonObject(response.result)) this.#end(response.id)?.resolve(response.result);
  }

  #take(notification: RpcNotification, about: RequestId | undefined): void {
    const { method, params = {} } = notification;
    if (method === "notifications/cancelled") {
      const { requestId } = params;
      if (isRequestId(requestId)) this.#questions.get(requestId)?.abort(new Error("cancelled"));
      return;
    }
    const { progressToken } = params;
    if (method === "notifications/progress" && isRequestId(progressToken)) {
      const pending = this.#pending.get(progressToken);
      if (pending !== undefined) this.#startTime(pending);
      pending?.exchange.onProgress?.(params);
      return;
    }
    const own = about === undefined ? undefined : this.#pending.get(about)?.exchange;
    if (method === "notifications/message" && own?.onLog !== undefined) own.onLog(params);
    else if (own?.onNotification !== undefined && !everybodys.test(method))
      own.onNotification(notification);
    else this.#options.notified(notification);
  }

  async #answer(request: RpcRequest, about: RequestId | undefined): Promise<void> {
    const { id } = request;
    if (this.#questions.size >= mostQuestions || this.#questions.has(id)) return;
    const controller = new AbortController();
    this.#questions.set(id, controller);
    const inFlight = [...this.#pending].flatMap(([, { exchange }]) => exchange.tag ?? []);
    const origin = {
      about: about === undefined ? undefined : this.#pending.get(about)?.exchange.tag,
      inFlight,
      signal: controller.signal,
      giveUp: (tag: Tag, reason: Error) => this.giveUp(tag, reason),
    };
    const answer = await this.#options.answer(request, origin).then(
      (result): RpcResponse => ({ jsonrpc: "2.0", id, result }),
      (error: unknown): RpcResponse => ({ jsonrpc: "2.0", id, error: toErrorBody(error) }),
    );
    this.#questions.delete(id);
    // Who took a question back wants no answer.
    if (!controller.signal.aborted && !this.isClosed) this.#options.transport.send(answer);
  }
}

function isRequestId(value: unknown): value is RequestId {
  return typeof value === "string" || typeof value === "number";
}

function toError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}

/** The caller's own token means something to somebody else: ours replaces it. */
function withProgressToken<Tag>(
  { params, onProgress }: Exchange<Tag>,
  id: RequestId,
): JsonObject | undefined {
  if (onProgress === undefined && params?.["_meta"] === undefined) return params;
  const meta = params?.["_meta"];
  const { progressToken: theirs, ...rest } = isJsonObject(meta) ? meta : {};
  if (onProgress !== undefined) return { ...params, _meta: { ...rest, progressToken: id } };
  return theirs === undefined ? params : { ...params, _meta: rest };
}

function toJsonRpcError({ code, message, data }: RpcErrorBody): JsonRpcError {
  return new JsonRpcError(code, message, data);
}

function toErrorBody(error: unknown): RpcErrorBody {
  if (error instanceof JsonRpcError) {
    const body = { code: error.rpcCode, message: error.message };
    return error.rpcData === undefined ? body : { ...body, data: error.rpcData };
  }
  // Only what was meant to be told leaves the process.
  const message = isOpError(error) ? error.message : "The question could not be answered.";
  return { code: rpcCodes.internalError, message };
}
