import {
  abortable,
  backoffDelayMs,
  createSingleFlight,
  defaultBackoffPolicy,
  isErrorOf,
  silentLogger,
  sleep,
  startDeadline,
  systemClock,
  type Clock,
  type JsonObject,
  type Logger,
} from "op-core";
import type { ClientLogLevel } from "op-tools";
import type { RpcNotification } from "../json-rpc/json-rpc-message.ts";
import { isModernRevision } from "../revisions/revision.ts";
import type { ConnectTransport, SendHints } from "./client-transport.ts";
import { LastWords } from "./last-words.ts";
import { UpstreamLoginError } from "../oauth/oauth-error.ts";
import { openConnection, type UpstreamConnection } from "./upstream-connection.ts";
import type { ClientIntroduction } from "./negotiate.ts";
import type { EraChoice, ServerProfile } from "./server-profile.ts";
import {
  UpstreamClosedError,
  UpstreamSessionLostError,
  UpstreamUnreachableError,
} from "./upstream-error.ts";
import type { InputAnswerer } from "./upstream-input.ts";

/** How a client of one server is made. */
export interface UpstreamClientOptions extends ClientIntroduction {
  /** Names the server in errors and logs. */
  readonly name: string;
  readonly transport: ConnectTransport;
  /** Which era to try; `auto` unless told. */
  readonly era?: EraChoice;
  /** What an earlier run found out: its era is tried without asking. */
  readonly known?: ServerProfile;
  /** Answers what the server asks while no request of ours is in flight. */
  readonly input?: InputAnswerer;
  /** Told of each notification that belongs to no request. */
  readonly onNotification?: (notification: RpcNotification) => void;
  /** Told when a connection ended that had been established. */
  readonly onDisconnect?: (reason: Error) => void;
  /** How long connecting may take, the handshake included; 30 s unless told. */
  readonly connectTimeoutMs?: number;
  /** How long a request may go without an answer or progress; a minute unless told. */
  readonly requestTimeoutMs?: number;
  readonly clock?: Clock;
  readonly logger?: Logger;
}

/** What a request takes besides its method and parameters. */
export interface UpstreamRequestOptions {
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number;
  /** The parameters of each `notifications/progress`, as the server sent them. */
  readonly onProgress?: ((params: JsonObject) => void) | undefined;
  /** What whoever answers can do, instead of what the client can, where the server is told with each request. */
  readonly capabilities?: JsonObject | undefined;
  /** The least urgent log messages that are wanted. */
  readonly logLevel?: ClientLogLevel | undefined;
  /** The parameters of each log message that came by the request's own channel; others are notifications. */
  readonly onLog?: ((params: JsonObject) => void) | undefined;
  /** Each other notification that came so, but those that tell of changes; without it, those are the client's. */
  readonly onNotification?: ((notification: RpcNotification) => void) | undefined;
  /** Answers what the server asks meanwhile. */
  readonly input?: InputAnswerer;
  readonly hints?: SendHints;
}

/** A client of one server. Disposing ends the connection, and with it the server where this side started it. */
export interface UpstreamClient extends AsyncDisposable {
  /** What is known of the server, from this run or an earlier one. */
  readonly profile: ServerProfile | undefined;
  readonly isConnected: boolean;
  /** How many requests wait for their answers. */
  readonly inFlight: number;
  /** Connects unless it is connected, and says what the server is. */
  connect(options?: { readonly signal?: AbortSignal }): Promise<ServerProfile>;
  /**
   * Sends a request and resolves with the result as the server sent it. Connects first where that is needed. A failure
   * that the server answered is a `JsonRpcError` with its code and data. Nothing is sent twice, unless the server said
   * that it did not carry it out because it had lost the session.
   */
  request(
    method: string,
    params?: JsonObject,
    options?: UpstreamRequestOptions,
  ): Promise<JsonObject>;
  /** Ends the connection; the next request connects again. */
  disconnect(): Promise<void>;
}

const defaultConnectTimeoutMs = 30_000;
const defaultRequestTimeoutMs = 60_000;

class LazyUpstreamClient implements UpstreamClient {
  readonly #options: UpstreamClientOptions;
  readonly #clock: Clock;
  readonly #connecting = createSingleFlight<"connection", UpstreamConnection>();
  readonly #leaving = new AbortController();
  #connection: UpstreamConnection | undefined;
  #profile: ServerProfile | undefined;
  /** Settles when an attempt that was given up has cleaned up after itself. */
  #attempt: Promise<unknown> = Promise.resolve();
  #failures = 0;
  #failedAtMs = 0;

  constructor(options: UpstreamClientOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#profile = options.known;
  }

  get profile(): ServerProfile | undefined {
    return this.#profile;
  }

  get isConnected(): boolean {
    return this.#openConnection !== undefined;
  }

  /** The connection where it can be used at once. */
  get #openConnection(): UpstreamConnection | undefined {
    const connection = this.#connection;
    return connection === undefined || connection.isClosed ? undefined : connection;
  }

  get inFlight(): number {
    return this.#connection?.inFlight ?? 0;
  }

  async connect({ signal }: { readonly signal?: AbortSignal } = {}): Promise<ServerProfile> {
    return (await this.#connected(signal)).profile;
  }

  request(
    method: string,
    params: JsonObject = {},
    options: UpstreamRequestOptions = {},
  ): Promise<JsonObject> {
    const { timeoutMs = this.#options.requestTimeoutMs ?? defaultRequestTimeoutMs } = options;
    const send = (connection: UpstreamConnection): Promise<JsonObject> =>
      connection.request(method, params, options, timeoutMs);
    const open = this.#openConnection;
    if (open?.mayLoseSession === false) return send(open);
    const sent = open === undefined ? this.#connected(options.signal).then(send) : send(open);
    return sent.catch((error: unknown) => {
      if (!isErrorOf(error, UpstreamSessionLostError)) throw error;
      return this.#connected(options.signal).then(send);
    });
  }

  async disconnect(): Promise<void> {
    const connection = this.#connection;
    this.#connection = undefined;
    await connection?.[Symbol.asyncDispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#leaving.abort(new UpstreamClosedError(`${this.#options.name} is not used any more`));
    await this.disconnect();
    await this.#attempt;
  }

  async #connected(signal?: AbortSignal): Promise<UpstreamConnection> {
    if (this.#leaving.signal.aborted) throw this.#leaving.signal.reason;
    const open = this.#openConnection;
    if (open !== undefined) return open;
    return await this.#connecting.run("connection", (shared) => this.#reconnect(shared), {
      signal,
    });
  }

  async #reconnect(shared: AbortSignal): Promise<UpstreamConnection> {
    const signal = AbortSignal.any([shared, this.#leaving.signal]);
    // What is left of the old one, such as a child, ends before there is a new one.
    await this.disconnect();
    await this.#pauseAfterFailure(signal);
    const words = new LastWords();
    try {
      const connection = await this.#open(signal, words);
      this.#failures = 0;
      this.#connection = connection;
      this.#profile = connection.profile;
      return connection;
    } catch (error) {
      signal.throwIfAborted();
      // The server is well: a person is missing.
      if (isErrorOf(error, UpstreamLoginError)) throw error;
      this.#failures += 1;
      this.#failedAtMs = this.#clock.monotonic();
      throw new UpstreamUnreachableError(this.#options.name, error, words.lines);
    }
  }

  async #pauseAfterFailure(signal: AbortSignal): Promise<void> {
    if (this.#failures === 0) return;
    const sinceMs = this.#clock.monotonic() - this.#failedAtMs;
    const waitMs = backoffDelayMs(this.#failures, defaultBackoffPolicy) - sinceMs;
    if (waitMs > 0) await sleep(waitMs, { clock: this.#clock, signal });
  }

  async #open(signal: AbortSignal, words: LastWords): Promise<UpstreamConnection> {
    const { name, connectTimeoutMs: ms = defaultConnectTimeoutMs } = this.#options;
    using deadline = startDeadline({
      what: `Connecting to ${name}`,
      ms,
      clock: this.#clock,
      signal,
    });
    const era = this.#options.era ?? "auto";
    const opening = openConnection({
      ...this.#options,
      era: era === "auto" ? eraOf(this.#profile) : era,
      words,
      connectTimeoutMs: ms,
      clock: this.#clock,
      logger: this.#options.logger ?? silentLogger,
      signal: deadline.signal,
    });
    try {
      return await abortable(opening, deadline.signal);
    } catch (error) {
      // A transport that connects after all must not stay.
      this.#attempt = opening.then((late) => late[Symbol.asyncDispose]()).catch(() => undefined);
      throw error;
    }
  }
}

/** Who shook hands is not asked in the newer era: some servers of the older one stumble over the question. */
function eraOf(known: ServerProfile | undefined): EraChoice {
  if (known === undefined) return "auto";
  return isModernRevision(known.revision) ? "auto" : "legacy";
}

/** Makes a client that connects with its first request, and again with the next one after a connection was lost. */
export function createUpstreamClient(options: UpstreamClientOptions): UpstreamClient {
  return new LazyUpstreamClient(options);
}

/** Makes a client and connects it. */
export async function openUpstreamClient(
  options: UpstreamClientOptions & { readonly signal?: AbortSignal },
): Promise<UpstreamClient> {
  const client = createUpstreamClient(options);
  try {
    await client.connect(options);
    return client;
  } catch (error) {
    await client[Symbol.asyncDispose]();
    throw error;
  }
}
