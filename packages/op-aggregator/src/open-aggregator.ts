import { silentLogger, sleep, systemClock, type Clock, type Logger } from "op-core";
import type { ServerProfile, SpawnPort } from "op-protocol/client";
import {
  isToolName,
  type PromptSource,
  type ResourceSource,
  type ToolDescriptor,
  type ToolSource,
} from "op-tools";
import { UpstreamConfigError } from "./aggregator-error.ts";
import { ActiveCalls } from "./calls/active-calls.ts";
import { OtherNotices } from "./calls/other-notices.ts";
import { ParkedCalls } from "./calls/parked-calls.ts";
import { createMemoryPinStore, type PinStore } from "./pins/pin-store.ts";
import { UpstreamPrompts } from "./prompts/upstream-prompts.ts";
import { UpstreamResources } from "./resources/upstream-resources.ts";
import { createUriMaps, type UriMap } from "./resources/uri-map.ts";
import { ToolList } from "./tools/tool-list.ts";
import type { HeldTool } from "./tools/tool-listing.ts";
import { UpstreamTools } from "./tools/upstream-tools.ts";
import type { UpstreamConfig } from "./upstreams/upstream-config.ts";
import { Upstream, type UpstreamHealth } from "./upstreams/upstream.ts";

/** What an aggregator takes. */
export interface AggregatorOptions {
  readonly upstreams: readonly UpstreamConfig[];
  /** How it introduces itself to the servers. */
  readonly clientInfo: { readonly name: string; readonly version: string };
  /** Starts servers that are programs, as op-process's host does. */
  readonly spawner?: SpawnPort;
  /** Where accepted definitions are kept; in memory unless told. */
  readonly pins?: PinStore;
  /** What an earlier run learnt of the servers, by name. */
  readonly known?: Readonly<Record<string, ServerProfile>>;
  readonly clock?: Clock;
  readonly logger?: Logger;
}

/** How one upstream is, and what is missing of it. */
export interface UpstreamStatus extends UpstreamHealth {
  readonly name: string;
  readonly profile?: ServerProfile;
  readonly held: readonly HeldTool[];
}

/** One upstream, as sources of everything it offers. */
export interface UpstreamSources {
  readonly name: string;
  readonly tools: ToolSource;
  readonly resources: ResourceSource;
  readonly prompts: PromptSource;
  readonly status: UpstreamStatus;
  /** What the server said of itself, to be given to the next run; another one for each connection. */
  readonly profile: ServerProfile | undefined;
  /** What is missing of its tools. */
  readonly held: readonly HeldTool[];
  /** The tools that were listed last. */
  readonly offered: readonly ToolDescriptor[];
  /** Accepts a definition that changed, or all of them. */
  accept(tool?: string): Promise<void>;
  /** Has the tools listed again, when somebody else may have accepted some. */
  refresh(): void;
}

/** Any number of upstreams. Disposing ends all connections and every process that was started for one. */
export interface Aggregator extends AsyncDisposable {
  readonly upstreams: readonly UpstreamSources[];
}

/** A warm upstream that was lost is looked for again at this pace. */
const warmCheckMs = 1000;

function checkNames(upstreams: readonly UpstreamConfig[]): void {
  const seen = new Set<string>();
  for (const { name } of upstreams) {
    if (!isToolName(name))
      throw new UpstreamConfigError(name, "its name needs 1 to 48 letters, digits, _ or -");
    if (seen.has(name)) throw new UpstreamConfigError(name, "its name is taken");
    seen.add(name);
  }
}

interface Services {
  readonly pins: PinStore;
  readonly parked: ParkedCalls;
  readonly clock: Clock;
  readonly logger: Logger;
}

function createSources(upstream: Upstream, uris: UriMap, services: Services): UpstreamSources {
  const { pins, parked, clock } = services;
  const { name } = upstream;
  const list = new ToolList(upstream, pins, clock);
  const logger = services.logger.child({ upstream: name });
  const active = new ActiveCalls();
  const notices = new OtherNotices({ active, gates: upstream.noticeGates, logger });
  // The upstream and who listens to it end together.
  upstream.onOtherNotice((notification, client) => notices.broadcast(notification, client));
  const route = { upstream, parked, active, notices };
  const tools = new UpstreamTools({ ...route, list, uris, logger });
  return {
    name,
    tools,
    resources: new UpstreamResources(route, uris),
    prompts: new UpstreamPrompts(route, uris, clock),
    get status() {
      const { profile, health } = upstream;
      const { held } = list;
      return { name, ...health, held, ...(profile === undefined ? {} : { profile }) };
    },
    get profile() {
      return upstream.profile;
    },
    get held() {
      return list.held;
    },
    get offered() {
      return [...(list.last?.offered.values() ?? [])].map(({ descriptor }) => descriptor);
    },
    refresh: () => {
      list.forget();
      tools.reset();
    },
    accept: async (tool) => {
      await list.accept(tool);
      tools.reset();
    },
  };
}

/** Keeps a warm upstream connected until the signal aborts. Its failures are in its status. */
async function keepWarm(upstream: Upstream, clock: Clock, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await upstream.connect({ signal }).catch(() => undefined);
    await sleep(warmCheckMs, { clock, signal }).catch(() => undefined);
  }
}

/**
 * Makes sources of any number of MCP servers. Nothing is started but what is to be warm, and that without being waited
 * for: a server starts when its list is read or something of it is called.
 */
export async function openAggregator(options: AggregatorOptions): Promise<Aggregator> {
  const { clock = systemClock, logger = silentLogger, known = {}, clientInfo, spawner } = options;
  checkNames(options.upstreams);
  await using opened = new AsyncDisposableStack();
  const parked = opened.use(new ParkedCalls(clock));
  const services = { pins: options.pins ?? createMemoryPinStore(), parked, clock, logger };
  const maps = createUriMaps(options.upstreams);
  const leaving = new AbortController();
  const parts: AsyncDisposable[] = [];
  // All at once: each process may take its time to leave.
  opened.defer(async () => {
    await Promise.all(parts.map((part) => part[Symbol.asyncDispose]()));
  });
  const upstreams = options.upstreams.map((config) => {
    const profile = known[config.name];
    const upstream = new Upstream(config, {
      clock,
      clientInfo,
      logger: logger.child({ upstream: config.name }),
      ...(spawner === undefined ? {} : { spawner }),
      ...(profile === undefined ? {} : { known: profile }),
    });
    parts.push(upstream);
    const uris = maps.get(config.name);
    if (uris === undefined) throw new UpstreamConfigError(config.name, "it has no URIs");
    const sources = createSources(upstream, uris, services);
    parts.push(sources.tools);
    if (config.warm === true) {
      const warming = keepWarm(upstream, clock, leaving.signal);
      opened.defer(() => warming);
    }
    return sources;
  });
  opened.defer(() => leaving.abort(new Error("the aggregator is closed")));
  const owned = opened.move();
  return { upstreams, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
