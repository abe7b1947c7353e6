import {
  createCircuitBreaker,
  createEventBoard,
  createSemaphore,
  isErrorOf,
  type CircuitBreaker,
  type CircuitState,
  type JsonObject,
  type Semaphore,
} from "op-core";
import { isModernRevision, type RpcNotification } from "op-protocol";
import {
  createUpstreamClient,
  UpstreamClosedError,
  type ServerProfile,
  type UpstreamClient,
  type UpstreamRequestOptions,
} from "op-protocol/client";
import { ClientPool, type Loan } from "./client-pool.ts";
import { toConnectTransport, type ConnectServices } from "./connect-upstream.ts";
import { followResource, type FollowableUpstream } from "./followed-resources.ts";
import { KeptResults, type KeptCounts } from "./kept-results.ts";
import { LogGates, type LogGate } from "./log-gate.ts";
import { RateGate } from "./rate-gate.ts";
import { isServerFault, wordingOf } from "./server-fault.ts";
import type { UpstreamConfig } from "./upstream-config.ts";
import type { UpstreamEvent } from "./upstream-events.ts";

/** What an upstream takes besides its configuration. */
export interface UpstreamServices extends ConnectServices {
  readonly clientInfo: { readonly name: string; readonly version: string };
  /** What an earlier run learnt of the server. */
  readonly known?: ServerProfile;
}

/** One piece of work at an upstream. */
export interface Turn {
  readonly signal?: AbortSignal | undefined;
  /** Whose connection is used, where each session has its own. */
  readonly session?: string | undefined;
  /** Who wants it, where each user has a connection of its own. */
  readonly user?: string | undefined;
  /** The list that is read for everybody. */
  readonly list?: string;
  /**
   * Whether a question of the server must be this work's. Who has no session can be told apart in the handshake era by
   * the connection alone.
   */
  readonly isAlone?: boolean;
  /** Whether it counts against the calls a second. */
  readonly isCall?: boolean;
  /** Whether it may be done once more where the connection ended in its midst; it may unless told. */
  readonly mayRepeat?: () => boolean;
}

/** A request that only reads, as it is wanted. */
interface ReadOptions extends Omit<UpstreamRequestOptions, "onLog">, Omit<Turn, "signal"> {
  readonly meta?: JsonObject;
  /** Takes each log message of its own, and the gate it passes where it goes on. */
  readonly onLog?: ((message: JsonObject, gate: LogGate) => void) | undefined;
  /** Told the connection that it is asked on, each time it is. */
  readonly onLent?: (client: UpstreamClient) => void;
}

/** Takes a log message and the connection it came by. */
type LogListener = (message: JsonObject, client: UpstreamClient) => void;
type ClientListener = (client: UpstreamClient) => void;
type NoticeListener = (notification: RpcNotification, client: UpstreamClient) => void;

/** What a server says to whom it speaks with, and to nobody behind that. */
const ownNotices =
  /^notifications\/(?:initialized|cancelled|progress|roots\/list_changed|subscriptions\/acknowledged)$/u;

/** How an upstream is. */
export interface UpstreamHealth {
  readonly isConnected: boolean;
  readonly inFlight: number;
  readonly circuit: CircuitState["kind"];
  readonly calls: number;
  readonly failures: number;
  /** Requests that were made once more because the connection ended in their midst. */
  readonly repeats: number;
  /** Answers that the server lets be kept. */
  readonly kept: KeptCounts;
  /** The last failure that speaks against the server. */
  readonly lastError?: string;
  /** Why it could not be connected, where that was tried last and failed. */
  readonly unreachable?: string;
  /** How long the last request took. */
  readonly lastMs?: number;
}

const defaultIdleMs = 300_000;
const sharedKey = "";

/** What clients behind this one may be asked is not known beforehand; one that cannot answer is told so. */
const capabilities: JsonObject = {
  elicitation: { form: {}, url: {} },
  sampling: {},
  roots: {},
};

const always = (): boolean => true;

function withMeta(params: JsonObject, meta: JsonObject): JsonObject {
  return Object.keys(meta).length === 0 ? params : { ...params, _meta: meta };
}

/** Whether work that was cut off may be done once more. */
function mayGoOn(error: unknown, { signal, mayRepeat = always }: Turn): boolean {
  return isErrorOf(error, UpstreamClosedError) && signal?.aborted !== true && mayRepeat();
}

const listKinds = ["tools", "resources", "prompts"] as const;
type ListKind = (typeof listKinds)[number];

/** One server: started when it is needed, kept within its limits, and left alone while it keeps failing. */
export class Upstream implements AsyncDisposable {
  readonly config: UpstreamConfig;
  readonly events = createEventBoard<UpstreamEvent>();
  readonly logGates: LogGates;
  readonly noticeGates: LogGates;
  readonly #services: UpstreamServices;
  readonly #pool: ClientPool;
  readonly #breaker: CircuitBreaker;
  readonly #turns: Semaphore;
  readonly #gate: RateGate | undefined;
  readonly #kept: KeptResults;
  readonly #listeners = new Set<ClientListener>();
  readonly #lossListeners = new Set<ClientListener>();
  /** Over which connection it was told last that a list changed. */
  readonly #tellers = new Map<ListKind, string>();
  /** What each connection is that was met. */
  readonly #met = new WeakMap<UpstreamClient, ServerProfile>();
  readonly #logListeners = new Set<LogListener>();
  readonly #noticeListeners = new Set<NoticeListener>();
  #profile: ServerProfile | undefined;
  #calls = 0;
  #inFlight = 0;
  #failures = 0;
  #repeats = 0;
  #lastError: string | undefined;
  #unreachable: string | undefined;
  #isClosed = false;
  #lastMs: number | undefined;

  constructor(config: UpstreamConfig, services: UpstreamServices) {
    const { clock } = services;
    const { name, maxConcurrent = 32, maxQueued = 256, callsPerSecond } = config;
    const what = `The upstream ${name}`;
    this.config = config;
    this.#services = services;
    this.#profile = services.known;
    this.#kept = new KeptResults(clock);
    this.logGates = new LogGates(clock, config.logMessagesPerSecond);
    this.noticeGates = new LogGates(clock, config.logMessagesPerSecond);
    // What no connection could be made of is told at once.
    toConnectTransport(config, services);
    this.#pool = new ClientPool({
      create: (key) => this.#createClient(key),
      clock,
      idleMs: config.idleMs ?? defaultIdleMs,
      ...(config.warm === true ? { kept: sharedKey } : {}),
    });
    this.#turns = createSemaphore({ permits: maxConcurrent, maxQueue: maxQueued, what });
    this.#gate =
      callsPerSecond === undefined ? undefined : new RateGate(callsPerSecond, `to ${name}`, clock);
    this.#breaker = createCircuitBreaker({
      windowMs: 30_000,
      minimumCalls: 5,
      failureRatio: 0.5,
      openMs: 10_000,
      halfOpenCalls: 1,
      countsAsFailure: isServerFault,
      clock,
      what,
    });
  }

  get name(): string {
    return this.config.name;
  }

  get profile(): ServerProfile | undefined {
    return this.#profile;
  }

  get health(): UpstreamHealth {
    const { clients } = this.#pool;
    return {
      isConnected: clients.some(({ isConnected }) => isConnected),
      inFlight: this.#inFlight,
      circuit: this.#breaker.state.kind,
      calls: this.#calls,
      failures: this.#failures,
      repeats: this.#repeats,
      kept: this.#kept.counts,
      ...(this.#lastError === undefined ? {} : { lastError: this.#lastError }),
      ...(this.#unreachable === undefined ? {} : { unreachable: this.#unreachable }),
      ...(this.#lastMs === undefined ? {} : { lastMs: this.#lastMs }),
    };
  }

  /** Sends a request that only reads, within the upstream's limits; or answers what the server let be kept. */
  async request(
    method: string,
    params: JsonObject,
    {
      user,
      isCall = true,
      isAlone = false,
      mayRepeat = always,
      session,
      list,
      meta = {},
      onLog,
      onLent,
      ...options
    }: ReadOptions = {},
  ): Promise<JsonObject> {
    const { signal, input } = options;
    signal?.throwIfAborted();
    const wanted = { method, params, user };
    const kept = this.#kept.find(wanted);
    if (kept !== undefined) return kept;
    const whose = {
      session: session ?? input?.session,
      user,
      ...(list === undefined ? {} : { list }),
    };
    const turn = { ...whose, signal, isCall, isAlone, mayRepeat };
    return await this.run(turn, async (client) => {
      onLent?.(client);
      const keep = this.#kept.begin(wanted);
      const result = await client.request(method, withMeta(params, meta), {
        ...options,
        onLog: onLog && ((message) => onLog(message, this.logGates.of(client))),
      });
      if (this.#mayKeep) keep(result);
      return result;
    });
  }

  /** Lends a connection for one piece of work, within the upstream's limits. */
  async run<T>(turn: Turn, work: (client: UpstreamClient) => Promise<T>): Promise<T> {
    const { signal, isCall = false } = turn;
    if (isCall) this.#gate?.pass();
    const permit = this.#turns.tryAcquire() ?? (await this.#turns.acquire({ signal }));
    const { clock } = this.#services;
    const startedAt = clock.monotonic();
    this.#calls += 1;
    this.#inFlight += 1;
    try {
      for (let isAgain = false; ; isAgain = true) {
        const admitted = this.#breaker.admit();
        const loan = this.#pool.lend(this.#keyFor(turn));
        try {
          const result = await this.#meetAnd(work, loan.client, turn);
          admitted.succeed();
          return result;
        } catch (error) {
          admitted.fail(error);
          this.#count(error);
          if (isAgain || this.#isClosed || !mayGoOn(error, turn)) throw error;
        } finally {
          this.logGates.tell(loan.client);
          this.#pool.takeBack(loan);
        }
        this.#repeats += 1;
        this.#services.logger.info("a request is made again on a new connection");
      }
    } finally {
      permit[Symbol.dispose]();
      this.#inFlight -= 1;
      this.#lastMs = clock.monotonic() - startedAt;
    }
  }

  /** Resolves when there is a connection that such work would take. */
  async connect(turn: Turn): Promise<void> {
    const isReady = this.#pool.find(this.#keyFor(turn))?.isConnected === true;
    if (!isReady) await this.run(turn, () => Promise.resolve());
  }

  /** Calls back with each new connection, before anything else is asked on it. */
  onConnected(listener: ClientListener): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  /** Calls back with each connection that is lost. */
  onLost(listener: ClientListener): Disposable {
    this.#lossListeners.add(listener);
    return { [Symbol.dispose]: () => void this.#lossListeners.delete(listener) };
  }

  /** Whether what a connection has is shown to everybody, and is not a user's own. */
  isEverybodys(client: UpstreamClient): boolean {
    return this.config.connections !== "per-user" || this.#pool.find(sharedKey) === client;
  }

  /** Calls back with each log message that belongs to no request it names, before any answer that comes after it. */
  onLog(listener: LogListener): Disposable {
    this.#logListeners.add(listener);
    return { [Symbol.dispose]: () => void this.#logListeners.delete(listener) };
  }

  /** Calls back with each notification that is none of those known here and belongs to no request it names. */
  onOtherNotice(listener: NoticeListener): Disposable {
    this.#noticeListeners.add(listener);
    return { [Symbol.dispose]: () => void this.#noticeListeners.delete(listener) };
  }

  /** Has the server tell when a resource changes, until the signal aborts, also after the connection was lost. */
  async follow(
    uri: string,
    signal: AbortSignal,
    whose: Pick<Turn, "session" | "user">,
  ): Promise<void> {
    const { clock, logger } = this.#services;
    const onResumed = (): void => this.events.tell({ kind: "resource-updated", uri });
    const upstream: FollowableUpstream = {
      lend: (until, work) => this.#lend({ ...whose, signal: until }, work),
      untilLost: (client, until) => this.#untilLost(client, until),
    };
    await followResource(upstream, { uri, signal, clock, logger, onResumed });
  }

  /** Lends a connection for as long as it takes: what has no end takes no turn. */
  async #lend<T>(turn: Turn, work: (client: UpstreamClient) => Promise<T>): Promise<T> {
    const loan = this.#pool.lend(this.#keyFor(turn));
    try {
      return await this.#meetAnd(work, loan.client, turn);
    } finally {
      this.#pool.takeBack(loan);
    }
  }

  #untilLost(client: UpstreamClient, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        lost[Symbol.dispose]();
        signal.removeEventListener("abort", end);
        resolve();
      };
      const lost = this.onLost((each) => {
        if (each === client) end();
      });
      if (signal.aborted) end();
      else signal.addEventListener("abort", end);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    await this.#pool[Symbol.asyncDispose]();
  }

  /** What the server is must be known to whoever works with it. */
  #meetAnd<T>(
    work: (client: UpstreamClient) => Promise<T>,
    client: UpstreamClient,
    { signal }: Turn,
  ): Promise<T> {
    const { profile: own } = client;
    const isMet = own === this.#profile || (own !== undefined && this.#met.get(client) === own);
    if (client.isConnected && isMet) return work(client);
    return client.connect(signal === undefined ? {} : { signal }).then(
      (profile) => {
        this.#unreachable = undefined;
        if (this.#met.get(client) !== profile) this.#meet(client, profile);
        return work(client);
      },
      (error: unknown) => {
        if (signal?.aborted !== true) this.#unreachable = wordingOf(error);
        throw error;
      },
    );
  }

  /** The older era does not know of keeping, so that it cannot have meant it. */
  get #mayKeep(): boolean {
    const { keepResults = true } = this.config;
    return keepResults && isModernRevision(this.#profile?.revision ?? "");
  }

  /** A profile of its own for each connection tells a new one from the last. */
  #meet(client: UpstreamClient, profile: ServerProfile): void {
    this.#met.set(client, profile);
    this.#profile = profile;
    this.#kept.forget();
    for (const listener of this.#listeners) listener(client);
  }

  #keyFor({ session, user, list, isAlone = false }: Turn): string {
    const { connections } = this.config;
    if (connections === "per-user") return user ?? sharedKey;
    if (connections !== "per-session") return sharedKey;
    if (session === undefined) return this.#tellerOf(list);
    const isModern = isModernRevision(this.#profile?.revision ?? "");
    return isAlone && !isModern ? this.#pool.freeKeyOf(session) : session;
  }

  /** A change that only one connection has is seen over no other. */
  #tellerOf(list: string | undefined): string {
    const kind = listKinds.find((one) => one === list);
    const key = kind === undefined ? undefined : this.#tellers.get(kind);
    return key !== undefined && this.#pool.find(key)?.isConnected === true ? key : sharedKey;
  }

  #connectFor(key: string): ReturnType<typeof toConnectTransport> {
    const user = this.config.connections === "per-user" && key !== sharedKey ? key : undefined;
    return toConnectTransport(this.config, this.#services, user);
  }

  #count(error: unknown): void {
    if (!isServerFault(error)) return;
    this.#failures += 1;
    this.#lastError = wordingOf(error);
  }

  #createClient(key: string): UpstreamClient {
    const { era, connectTimeoutMs, requestTimeoutMs } = this.config;
    const { clock, logger, clientInfo } = this.#services;
    const client = createUpstreamClient({
      name: this.name,
      transport: this.#connectFor(key),
      clientInfo,
      capabilities,
      ...(era === undefined ? {} : { era }),
      ...(this.#profile === undefined ? {} : { known: this.#profile }),
      ...(connectTimeoutMs === undefined ? {} : { connectTimeoutMs }),
      ...(requestTimeoutMs === undefined ? {} : { requestTimeoutMs }),
      onNotification: (notification) => this.#take(notification, { key, client }),
      onDisconnect: (reason) => {
        logger.info("an upstream left", { reason: reason.message });
        for (const listener of this.#lossListeners) listener(client);
      },
      clock,
      logger,
    });
    return client;
  }

  #take(notification: RpcNotification, { key, client }: Loan): void {
    const { method, params = {} } = notification;
    // There may be a flood of these: nothing else is looked for first.
    if (method === "notifications/message") {
      for (const listener of this.#logListeners) listener(params, client);
      return;
    }
    const list = /^notifications\/(?<kind>tools|resources|prompts)\/list_changed$/u.exec(method);
    const kind = listKinds.find((one) => one === list?.groups?.["kind"]);
    if (kind !== undefined) {
      this.#kept.forget(kind);
      this.#tellers.set(kind, key);
      this.events.tell({ kind: `${kind}-changed`, client });
    }
    const { uri } = params;
    if (method === "notifications/resources/updated") {
      if (typeof uri !== "string") return;
      this.#kept.forgetResource(uri);
      this.events.tell({ kind: "resource-updated", uri });
    } else if (kind === undefined && !ownNotices.test(method))
      for (const listener of this.#noticeListeners) listener(notification, client);
  }
}
