import type { Clock, Logger } from "op-core";
import {
  createHttpHandler,
  createMemorySessionStore,
  createSseHandler,
  createWebSocketHandler,
  type SessionStore,
} from "op-protocol/http";
import type { Auth } from "../auth/open-auth.ts";
import type { Metric } from "../metrics/metric.ts";
import { renderMetrics } from "../metrics/render-metrics.ts";
import { openListeners, type Listener } from "./listeners/open-listener.ts";
import { parseListener } from "./listeners/parse-listener.ts";
import type { WebServerHandlers } from "./listeners/web-server.ts";
import { createBrokenRequests } from "./requests/broken-requests.ts";
import type { Entrance } from "./requests/entrance.ts";
import { FrontDoor, type Endpoints } from "./requests/front-door.ts";
import { OpenVisits } from "./requests/open-visits.ts";
import type { RefusalLog } from "./requests/refusal-log.ts";
import type { ServeConfig } from "./serve-config.ts";
import { hostMetrics } from "./status/host-metrics.ts";
import { createReadiness, type ReadyPart } from "./status/readiness.ts";
import { createTraffic, type Traffic } from "./status/traffic.ts";
import type { InheritedSocket } from "./systemd/inherited-sockets.ts";
import { openLiveCertificate, type LiveCertificate } from "./tls/live-certificate.ts";
import type { ToolViews } from "./views/tool-views.ts";

/** What is served, to whom and where. */
export interface OpenHttpHostOptions {
  readonly config: ServeConfig;
  readonly views: ToolViews;
  readonly auth: Pick<Auth, "authenticator" | "challenges" | "resourceMetadata" | "guardFor">;
  /** Takes who is turned away; whoever made it closes it. */
  readonly refusals: RefusalLog;
  /** Where sessions live; whoever made it closes it. In this process unless told. */
  readonly store?: SessionStore;
  /** What must work besides the listeners and the store, asked for at `/ready`. */
  readonly parts: () => readonly ReadyPart[];
  /** What is shown at `/metrics` besides what is known here. */
  readonly metrics: readonly Metric[];
  readonly inherited: readonly InheritedSocket[];
  readonly clock: Clock;
  readonly logger: Logger;
  /** Ends the opening. */
  readonly signal: AbortSignal;
}

/** MCP on every listener that is configured. Disposing it ends everything that is in flight. */
export interface HttpHost extends AsyncDisposable {
  /** Where clients can come, as they write it. */
  readonly urls: readonly string[];
  /** Everything that is shown at `/metrics`. */
  readonly metrics: readonly Metric[];
  /**
   * Takes no new connections and no new requests from now on, and resolves when everything begun is answered. Rejects
   * with the signal's reason when that takes too long.
   */
  drain(options: { readonly signal: AbortSignal }): Promise<void>;
  /** Reads the certificate's files now, where there are any. */
  reloadCertificate(): Promise<void>;
}

interface Parts {
  readonly endpoints: Endpoints;
  readonly visits: OpenVisits;
  readonly door: FrontDoor;
  readonly traffic: Traffic;
  readonly metrics: readonly Metric[];
}

/** An entrance is rejected only where its server is closed again, with all that came. */
const forget = (): undefined => undefined;

class OpenHost implements HttpHost {
  readonly #options: OpenHttpHostOptions;
  readonly #stack: AsyncDisposableStack;
  readonly #store: SessionStore;
  readonly #parts: Parts;
  readonly #listeners: Listener[] = [];
  #certificate: Promise<LiveCertificate> | undefined;
  #isListening = false;
  #isLeaving = false;

  constructor(options: OpenHttpHostOptions, stack: AsyncDisposableStack) {
    this.#options = options;
    this.#stack = stack;
    this.#store = options.store ?? stack.use(createMemorySessionStore({ clock: options.clock }));
    this.#parts = this.#createParts();
  }

  get urls(): readonly string[] {
    return this.#listeners.map(({ url }) => url);
  }

  get metrics(): readonly Metric[] {
    return this.#parts.metrics;
  }

  async listen(): Promise<void> {
    const { config, auth, inherited, signal } = this.#options;
    const specs = config.listeners.map(parseListener);
    for (const spec of specs) {
      signal.throwIfAborted();
      const opened = await openListeners(spec, {
        config,
        auth,
        inherited,
        signal,
        certificate: () => this.#openCertificate(),
        handlersFor: (entrance) => this.#handlersFor(entrance),
      });
      for (const listener of opened) this.#listeners.push(this.#stack.use(listener));
    }
    this.#isListening = true;
  }

  async drain({ signal }: { readonly signal: AbortSignal }): Promise<void> {
    const { door, endpoints, visits } = this.#parts;
    this.#isLeaving = true;
    door.close();
    for (const listener of this.#listeners) listener.stop();
    const { mcp, sse, webSocket } = endpoints;
    await Promise.all([mcp.drain({ signal }), sse.drain({ signal }), webSocket.drain({ signal })]);
    await visits.none({ signal });
  }

  async reloadCertificate(): Promise<void> {
    const certificate = await this.#certificate;
    await certificate?.reload();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#parts.door.close();
    await this.#stack[Symbol.asyncDispose]();
  }

  #openCertificate(): Promise<LiveCertificate> {
    const { config, clock, logger, signal } = this.#options;
    this.#certificate ??= openLiveCertificate({ config: config.tls, clock, logger, signal }).then(
      (certificate) => this.#stack.use(certificate),
    );
    return this.#certificate;
  }

  #createParts(): Parts {
    const { config, views, auth, refusals, metrics, clock, logger } = this.#options;
    const traffic = createTraffic();
    const endpoints = this.#createEndpoints();
    const { recheckMs } = config.limits;
    const { authenticator, challenges, resourceMetadata } = auth;
    const visits = this.#stack.use(new OpenVisits({ authenticator, recheckMs, clock, logger }));
    const all = [
      ...metrics,
      ...traffic.metrics,
      ...hostMetrics(() => ({
        sessions: endpoints.mcp.sessionCount,
        openRequests: visits.count,
        sseConnections: endpoints.sse.connectionCount,
        webSockets: endpoints.webSocket.connectionCount,
      })),
    ];
    const door = new FrontDoor({
      config,
      endpoints,
      views,
      authenticator,
      challenges,
      resourceMetadata,
      readiness: createReadiness({ parts: () => this.#readyParts(), clock, logger }),
      renderMetrics: () => renderMetrics(all),
      visits,
      traffic,
      refusals,
      clock,
      logger,
    });
    return { endpoints, visits, door, traffic, metrics: all };
  }

  #createEndpoints(): Endpoints {
    const { config, views, clock, logger } = this.#options;
    const { limits } = config;
    const shared = {
      server: views.main,
      maxConnections: limits.maxStreams,
      maxBodyBytes: limits.maxBodyBytes,
      maxMessageBytes: limits.maxBodyBytes,
      bodyTimeoutMs: limits.requestMs,
      keepAliveMs: limits.keepAliveMs,
      maxQueuedBytes: limits.maxQueuedBytes,
      clock,
      logger,
    };
    const { maxSessions, maxInFlight, idleSessionMs: idleTtlMs } = limits;
    const own = { store: this.#store, maxSessions, maxInFlight, idleTtlMs };
    return {
      webSocket: this.#stack.use(createWebSocketHandler(shared)),
      sse: this.#stack.use(createSseHandler(shared)),
      mcp: this.#stack.use(createHttpHandler({ ...shared, ...own })),
    };
  }

  #readyParts(): readonly ReadyPart[] {
    const listeners = this.#listeners.map(({ url, isOpen }): ReadyPart => {
      const state = this.#isLeaving ? "leaving" : "failing";
      return { name: `listener ${url}`, check: () => (isOpen ? "ok" : state) };
    });
    const store: ReadyPart = {
      name: "store",
      check: () => this.#store.touch("", 1).then(() => "ok" as const),
    };
    // Whoever came by the first listener may ask before the last one is open.
    const others: ReadyPart = { name: "other listeners", check: () => "starting" };
    const opening = this.#isListening ? [] : [others];
    return [...listeners, ...opening, store, ...this.#options.parts()];
  }

  #handlersFor(entrance: Promise<Entrance>): WebServerHandlers {
    const { door, traffic } = this.#parts;
    const { refusals } = this.#options;
    const broken = createBrokenRequests({ refusals, traffic });
    return {
      request: (req, res, mustContinue) => {
        void entrance.then((by) => door.answer(req, res, by, mustContinue), forget);
      },
      upgrade: (req, socket, head) => {
        void entrance.then((by) => door.upgrade({ req, socket, head }, by), forget);
      },
      broken,
      dropped: (address) => {
        traffic.broken(503);
        refusals.note({ event: "call-refused", address, reason: "too-many-connections" });
      },
    };
  }
}

/**
 * Serves MCP over HTTP on everything that is configured. When one listener cannot be opened, those before it are closed
 * again. Throws `ERR_LISTENER_INVALID`, `ERR_LISTEN_FAILED`, `ERR_TLS_FILES` or `ERR_AUTH_OPEN_BIND`.
 */
export async function openHttpHost(options: OpenHttpHostOptions): Promise<HttpHost> {
  await using stack = new AsyncDisposableStack();
  const owned = stack.use(new AsyncDisposableStack());
  const host = new OpenHost(options, owned);
  await host.listen();
  stack.move();
  return host;
}
