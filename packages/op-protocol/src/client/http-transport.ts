import { type Clock, isJsonObject, isOpError, sleep, systemClock } from "op-core";
import { JsonRpcError } from "../json-rpc/json-rpc-error.ts";
import type { RequestId, RpcMessage } from "../json-rpc/json-rpc-message.ts";
import { defaultMaxMessageBytes } from "../transports/stream-transport.ts";
import type {
  ClientReceiver,
  ClientTransport,
  ConnectTransport,
  SendHints,
} from "./client-transport.ts";
import {
  mirrorHeaders,
  modernParams,
  parseJson,
  readBody,
  readText,
  sendTo,
  type HttpAddress,
} from "./http-exchange.ts";
import { SseReader } from "./sse-reader.ts";
import {
  UpstreamClosedError,
  UpstreamHttpError,
  UpstreamSessionLostError,
} from "./upstream-error.ts";

/** How a server is spoken to over Streamable HTTP. */
export interface HttpTransportOptions extends HttpAddress {
  readonly clock?: Clock;
}

const accept = "application/json, text/event-stream";
const mostResumptions = 5;
const defaultRetryMs = 1000;
const longestRetryMs = 30_000;
/** How long saying goodbye to a session may take. */
const goodbyeMs = 1000;

/** What a stream has told so far. */
interface StreamState {
  readonly about: RequestId | undefined;
  isAnswered: boolean;
  lastId: string | undefined;
  retryMs: number;
}

class HttpTransport implements ClientTransport {
  readonly mayLoseSession = true;
  readonly #options: HttpTransportOptions;
  readonly #maxBytes: number;
  readonly #life = new AbortController();
  readonly #inFlight = new Map<RequestId, AbortController>();
  #receiver: ClientReceiver | undefined;
  #session: string | undefined;
  #handshake: RequestId | undefined;
  #version: string | undefined;
  #isClosed = false;

  constructor(options: HttpTransportOptions) {
    this.#options = options;
    this.#maxBytes = options.maxMessageBytes ?? defaultMaxMessageBytes;
  }

  start(receiver: ClientReceiver): void {
    this.#receiver = receiver;
  }

  send(message: RpcMessage, hints?: SendHints): void {
    if (this.#isClosed || this.#abandons(message)) return;
    void this.#post(message, hints);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#life.signal.aborted) return;
    this.#isClosed = true;
    this.#life.abort(new UpstreamClosedError("the connection was closed on this side"));
    if (this.#session !== undefined) await this.#endSession(this.#session);
  }

  /** In the stateless era a request is cancelled by leaving it; in a session the message is sent too. */
  #abandons(message: RpcMessage): boolean {
    if (!("method" in message) || message.method !== "notifications/cancelled") return false;
    const params: unknown = message.params;
    const id = isJsonObject(params) ? params["requestId"] : undefined;
    if (typeof id !== "number" && typeof id !== "string") return true;
    this.#inFlight.get(id)?.abort(new UpstreamClosedError("the request was cancelled"));
    return this.#version === undefined;
  }

  async #post(message: RpcMessage, hints: SendHints | undefined): Promise<void> {
    const id = "method" in message && "id" in message ? message.id : undefined;
    const controller = new AbortController();
    if (id !== undefined) this.#inFlight.set(id, controller);
    if ("method" in message && message.method === "initialize") this.#handshake = id;
    const signal = AbortSignal.any([this.#life.signal, controller.signal]);
    try {
      const response = await sendTo(this.#options, {
        method: "POST",
        headers: this.#headersFor(message, hints),
        body: JSON.stringify(message),
        signal,
      });
      await this.#take(response, id, signal);
      if ("method" in message && message.method === "notifications/initialized")
        void this.#listen();
    } catch (error) {
      this.#fail(id, error);
    } finally {
      if (id !== undefined) this.#inFlight.delete(id);
    }
  }

  #headersFor(message: RpcMessage, hints: SendHints | undefined): Record<string, string> {
    const base = { "content-type": "application/json", accept };
    const modern = modernParams(message);
    if (modern !== undefined && "method" in message)
      return { ...base, ...mirrorHeaders(message.method, modern, hints) };
    return { ...base, ...this.#sessionHeaders() };
  }

  #sessionHeaders(): Record<string, string> {
    return {
      ...(this.#session === undefined ? {} : { "mcp-session-id": this.#session }),
      ...(this.#version === undefined ? {} : { "mcp-protocol-version": this.#version }),
    };
  }

  async #take(response: Response, id: RequestId | undefined, signal: AbortSignal): Promise<void> {
    const type = response.headers.get("content-type")?.split(";")[0]?.trim();
    if (!response.ok) return await this.#refuse(response, type, id);
    this.#session ??= response.headers.get("mcp-session-id") ?? undefined;
    if (type === "text/event-stream") {
      const state = {
        about: id,
        isAnswered: id === undefined,
        lastId: undefined,
        retryMs: defaultRetryMs,
      };
      return await this.#follow(response, state, signal);
    }
    const text = await readBody(response, this.#maxBytes);
    if (id === undefined) return;
    if (type !== "application/json") throw new UpstreamHttpError(response.status);
    this.#deliver(parseJson(text), id);
  }

  /** A refusal may say in JSON-RPC what is wrong, also where it could not read which request it was. */
  async #refuse(
    response: Response,
    type: string | undefined,
    id: RequestId | undefined,
  ): Promise<void> {
    const body = type === "application/json" ? await readBody(response, this.#maxBytes) : "";
    const parsed = body === "" ? undefined : parseJson(body);
    const error = isJsonObject(parsed) ? parsed["error"] : undefined;
    const { code, message, data } = isJsonObject(error) ? error : {};
    if (this.#session !== undefined && meansLostSession(response.status, code)) {
      this.#loseSession(id);
      return;
    }
    if (response.status !== 401 && typeof code === "number" && typeof message === "string")
      throw new JsonRpcError(code, message, data);
    const challenge = response.headers.get("www-authenticate") ?? undefined;
    if (id !== undefined) throw new UpstreamHttpError(response.status, challenge);
  }

  /** The refused request was not carried out; what became of the others in flight nobody knows. */
  #loseSession(id: RequestId | undefined): void {
    this.#session = undefined;
    if (id !== undefined) this.#receiver?.failed(id, new UpstreamSessionLostError());
    this.#close(new UpstreamClosedError("it forgot the session"));
  }

  async #follow(response: Response, state: StreamState, signal: AbortSignal): Promise<void> {
    await this.#readStream(response, state);
    for (let count = 0; !state.isAnswered && count < mostResumptions; count += 1) {
      if (state.lastId === undefined) break;
      await sleep(state.retryMs, { clock: this.#options.clock ?? systemClock, signal });
      const resumed = await this.#get(signal, state.lastId);
      if (!resumed.ok) break;
      await this.#readStream(resumed, state);
    }
    if (!state.isAnswered)
      throw new UpstreamClosedError("its event stream ended without an answer");
  }

  /** Reads until the stream ends or breaks; a break is an end that may be resumed. */
  async #readStream(response: Response, state: StreamState): Promise<void> {
    const reader = new SseReader(this.#maxBytes);
    try {
      for await (const chunk of readText(response)) {
        for (const event of reader.push(chunk)) {
          if (event.name === "message") this.#takeEvent(event.data, state);
        }
      }
    } catch (error) {
      if (isOpError(error) || this.#life.signal.aborted) throw error;
    } finally {
      state.lastId = reader.lastId ?? state.lastId;
      state.retryMs = reader.retryMs ?? state.retryMs;
    }
  }

  #takeEvent(data: string, state: StreamState): void {
    if (data === "") return;
    const value = parseJson(data);
    state.isAnswered ||= isJsonObject(value) && value["id"] === state.about && !("method" in value);
    this.#deliver(value, state.about);
  }

  #deliver(value: unknown, about: RequestId | undefined): void {
    if (this.#isClosed) return;
    if (about !== undefined && about === this.#handshake) this.#learnVersion(value);
    this.#receiver?.message(value, about);
  }

  /** What a handshake settled on is said with every request from then on. */
  #learnVersion(value: unknown): void {
    const result = isJsonObject(value) ? value["result"] : undefined;
    const version = isJsonObject(result) ? result["protocolVersion"] : undefined;
    if (typeof version === "string") this.#version = version;
  }

  #get(signal: AbortSignal, lastId?: string): Promise<Response> {
    const resume = lastId === undefined ? {} : { "last-event-id": lastId };
    const headers = { accept: "text/event-stream", ...this.#sessionHeaders(), ...resume };
    return sendTo(this.#options, { method: "GET", headers, signal });
  }

  /** Hears what belongs to no request, as long as the session lives. Servers need not offer that. */
  async #listen(): Promise<void> {
    const { clock = systemClock } = this.#options;
    const { signal } = this.#life;
    const state: StreamState = {
      about: undefined,
      isAnswered: true,
      lastId: undefined,
      retryMs: defaultRetryMs,
    };
    for (let failures = 0; !this.#isClosed;) {
      try {
        const isOffered = await this.#hear(state);
        if (!isOffered) return;
        failures = 0;
      } catch (error) {
        if (isOpError(error) || this.#isClosed) return;
        // A server that is down may come back; whether it still knows the session, it says then.
        failures += 1;
      }
      const waitMs = Math.min(longestRetryMs, state.retryMs * 2 ** failures);
      await sleep(waitMs, { clock, signal }).catch(() => undefined);
    }
  }

  /** Reads one stream to its end, and says whether there may be another. */
  async #hear(state: StreamState): Promise<boolean> {
    const response = await this.#get(this.#life.signal, state.lastId);
    if (response.ok && isStream(response)) {
      await this.#readStream(response, state);
      return true;
    }
    await response.body?.cancel();
    if (response.status === 404 && this.#session !== undefined) this.#loseSession(undefined);
    return false;
  }

  #fail(id: RequestId | undefined, error: unknown): void {
    if (this.#isClosed) return;
    if (id === undefined) return;
    const isKnown = isOpError(error);
    this.#receiver?.failed(id, isKnown ? error : new UpstreamClosedError(detailOf(error), error));
  }

  #close(reason: Error): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#receiver?.closed(reason);
    this.#life.abort(reason);
  }

  async #endSession(session: string): Promise<void> {
    const late = new AbortController();
    const clock = this.#options.clock ?? systemClock;
    using patience = clock.startTimer(goodbyeMs, () => late.abort());
    patience.unref();
    const headers = { ...this.#sessionHeaders(), "mcp-session-id": session };
    const bye = sendTo(this.#options, { method: "DELETE", headers, signal: late.signal });
    await bye.then((response) => response.body?.cancel()).catch(() => undefined);
  }
}

/**
 * Whether a request was refused for its session. The protocol says 404; servers after the official examples say 400 with
 * a code that no method answers with, so that nothing was carried out there either.
 */
function meansLostSession(status: number, code: unknown): boolean {
  return status === 404 || (status === 400 && code === -32_000);
}

function isStream(response: Response): boolean {
  return response.headers.get("content-type")?.startsWith("text/event-stream") === true;
}

/** What `fetch` says is that it failed; why is in the cause. */
function detailOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}

/** Speaks with a server over Streamable HTTP, of either era. Nothing is sent before the first message. */
export function createHttpTransport(options: HttpTransportOptions): ConnectTransport {
  return () => Promise.resolve(new HttpTransport(options));
}
