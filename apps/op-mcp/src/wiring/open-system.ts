import { join } from "node:path";
import { systemClock, type Clock, type Logger } from "op-core";
import type { McpHost } from "op-protocol";
import {
  cacheResult,
  createResultSource,
  createResultStore,
  createToolSearch,
  limitConcurrency,
  openToolbox,
  type ConcurrencyLimit,
  type Middleware,
  type ResourceSource,
  type ResultCache,
  type Toolbox,
  type ToolSearch,
} from "op-tools";
import { approvalsDirectory } from "../access/approvals-directory.ts";
import { openAccess, type Access } from "../access/open-access.ts";
import { createAudit, type Audit } from "../audit/audit.ts";
import { noteLife } from "../audit/note-life.ts";
import { resolveAuditPlaces, type AuditPlaces } from "../audit/audit-places.ts";
import { createAuditSource } from "../audit/audit-source.ts";
import { resolveDirectories } from "../config/directories.ts";
import type { Environment } from "../config/environment.ts";
import type { OpMcpConfig } from "../config/op-mcp-config.ts";
import { packageFacts } from "../package.ts";
import type { ReadyPart } from "../hosting/status/readiness.ts";
import { createToolPins, pinsPath } from "../guards/tool-pins.ts";
import { createLazyProcesses } from "../processes/lazy-processes.ts";
import type { Upstreams } from "../upstreams/upstreams.ts";
import { connectUpstreams } from "./connect-upstreams.ts";
import { createAgents } from "./create-agents.ts";
import { createDBus } from "./create-dbus.ts";
import { createHost, createView } from "./create-host.ts";
import { createSources, ready, type Late } from "./create-sources.ts";
import {
  createOwnCalls,
  type SharedCalls,
  type SharedCallsOptions,
} from "../sharing/shared-calls.ts";
import { closeInTime } from "./close-in-time.ts";
import { createMiddleware } from "./middleware.ts";
import { createState } from "./create-state.ts";
import { readyParts } from "./ready-parts.ts";

/** What the system is opened with. */
export interface OpenSystemOptions {
  readonly config: OpMcpConfig;
  readonly env: Environment;
  readonly logger: Logger;
  readonly clock?: Clock;
  /** The transports it serves; the audit log then says when it started and stopped. */
  readonly serves?: readonly string[];
  /** What calls go through besides the middleware of the product. */
  readonly middleware?: readonly Middleware[];
  /** What is known of callers; whoever made it closes it. For this process alone unless told. */
  readonly shared?: SharedCalls;
  /** Whether what a call goes through is seen in its trace; not unless told. */
  readonly isTraced?: boolean;
}

/** Everything that runs, whichever way it is reached. */
export interface System extends AsyncDisposable {
  readonly toolbox: Toolbox;
  readonly search: ToolSearch;
  readonly audit: Audit;
  readonly access: Access;
  /** Other MCP servers, whose tools are among those of the toolbox. */
  readonly upstreams: Upstreams;
  /** What clients are shown and may call. */
  readonly host: McpHost;
  readonly manifestPath: string;
  /** Calls that have their turn or wait for it. */
  readonly queue: Pick<ConcurrencyLimit, "running" | "waiting">;
  readonly cache: Pick<ResultCache, "entries" | "bytes" | "hits" | "misses">;
  /** Every part without which requests would fail; they come and go. */
  readonly parts: () => readonly ReadyPart[];
}

function openAudit(
  { config, logger, clock = systemClock, serves }: OpenSystemOptions,
  places: AuditPlaces,
): Audit {
  const audit = createAudit({ settings: config.audit, places, clock, logger });
  if (serves === undefined) return audit;
  return noteLife(audit, clock, { version: packageFacts().version, serves: [...serves] });
}

function openAccessOf(
  options: OpenSystemOptions,
  { audit, stack }: { readonly audit: Audit; readonly stack: AsyncDisposableStack },
): Access {
  const { config, logger, clock = systemClock } = options;
  const { scopeRoles } = config.auth.oauth;
  const shared = options.shared ?? stack.use(createOwnCalls(ownCallsOf(options)));
  return openAccess({ config: config.policy, scopeRoles, shared, audit, clock, logger });
}

/** Where what is known of callers is kept unless told. */
export function ownCallsOf({
  config,
  env,
  clock = systemClock,
}: Pick<OpenSystemOptions, "config" | "env" | "clock">): SharedCallsOptions {
  return { approvalsDirectory: approvalsDirectory(resolveDirectories(config.paths, env)), clock };
}

/** What calls go through that somebody else looks at, too. */
function createCallParts({ result, concurrency, cache }: OpMcpConfig["calls"], clock: Clock) {
  return {
    results: createResultStore({ ...result, clock }),
    queue: limitConcurrency(concurrency),
    cache: cacheResult({ ...cache, clock }),
  };
}

function auditSourceOf(
  audit: Audit,
  { root }: AuditPlaces,
  { mayReadAudit: mayRead }: Access,
): ResourceSource {
  return createAuditSource({ audit, root, mayRead });
}

/** Where this system keeps what it keeps. */
function resolvePlaces({ config, env }: OpenSystemOptions) {
  const directories = resolveDirectories(config.paths, env);
  const manifestPath = join(directories.cache, "tools.manifest");
  return { directories, manifestPath, auditPlaces: resolveAuditPlaces(config.audit, directories) };
}

/**
 * Opens everything, in the only place that knows everybody. Disposing the system closes it in reverse; when opening
 * fails half-way, what was open is closed again.
 */
export async function openSystem(options: OpenSystemOptions): Promise<System> {
  const { config, logger, clock = systemClock } = options;
  const { directories, manifestPath, auditPlaces } = resolvePlaces(options);
  const { results, queue, cache } = createCallParts(config.calls, clock);
  const late: Late = {};
  const dbus = createDBus(options, directories.cache);
  await using stack = new AsyncDisposableStack();
  const audit = stack.use(openAudit(options, auditPlaces));
  const access = openAccessOf(options, { audit, stack });
  const processes = stack.use(createLazyProcesses({ clock, logger }));
  const agents = stack.use(
    createAgents(options, { processes, toolbox: () => ready(late.toolbox) }),
  );
  const state = createState(options, { directories, access, audit, processes });
  const upstreams = stack.use(connectUpstreams(options, directories, processes));
  const own = [...dbus, ...state];
  const ofOwn = [...own, ...agents.own];
  const toolbox = stack.use(
    await openToolbox({
      sources: createSources(options, late, { own: ofOwn, upstreams }),
      middleware: createMiddleware({
        config,
        results,
        audit,
        pins: createToolPins(pinsPath(directories)),
        access,
        queue,
        cache,
        isTraced: options.isTraced ?? false,
        workerOf: agents.workerOf,
        isUpstream: (source) => upstreams.has(source),
        more: options.middleware ?? [],
        clock,
      }),
      config: config.tools,
      manifestPath,
      clock,
      logger,
    }),
  );
  const search = stack.use(createToolSearch({ catalogue: toolbox.registry, clock }));
  Object.assign(late, { toolbox, search });
  const view = stack.use(createView(config.disclosure, toolbox));
  const host = createHost(options, { tools: view, toolbox }, [
    { resources: createResultSource(results) },
    { resources: auditSourceOf(audit, auditPlaces, access) },
    ...own,
    upstreams,
  ]);
  stack.defer(agents.leave);
  agents.show();
  for (const source of [...host.resources, ...host.prompts]) stack.use(source);
  const closing = stack.move();
  const made = { toolbox, search, audit, access, upstreams, host, manifestPath, queue, cache };
  return {
    ...made,
    parts: readyParts({ audit, dbus, state, agents, upstreams, toolbox }),
    [Symbol.asyncDispose]: () => closeInTime(closing, { clock, logger }),
  };
}
