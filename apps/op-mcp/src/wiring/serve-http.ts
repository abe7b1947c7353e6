import { startDeadline, systemClock, type Clock, type Logger } from "op-core";
import { openAuth, type Auth } from "../auth/open-auth.ts";
import { exitCodes, type ExitCode } from "../cli/exit-codes.ts";
import type { ServedAt, ServeHttpOptions } from "../cli/http-server.ts";
import { wantsColour } from "../cli/screen.ts";
import { resolveDirectories } from "../config/directories.ts";
import type { LoadConfigOptions } from "../config/load-config.ts";
import type { OpMcpConfig } from "../config/op-mcp-config.ts";
import { watchSignals, type LeaveReason } from "../hosting/leave-signals.ts";
import { endpointOf } from "../hosting/listeners/endpoint-of.ts";
import { openHttpHost, type HttpHost } from "../hosting/open-http-host.ts";
import { createRefusalLog, toRefusalNote } from "../hosting/requests/refusal-log.ts";
import { findInheritedSockets } from "../hosting/systemd/inherited-sockets.ts";
import { createServiceNotifier } from "../hosting/systemd/service-notifier.ts";
import { createToolViews, type ToolViews } from "../hosting/views/tool-views.ts";
import { createLogger } from "../logging/create-logger.ts";
import { createOwnState, type SharedState } from "../sharing/shared-state.ts";
import { openTelemetry, type Telemetry } from "../telemetry/open-telemetry.ts";
import { boundYoungHeap } from "./bound-young-heap.ts";
import { followConfig } from "./follow-config.ts";
import { measure, type Measured } from "./measure.ts";
import { openSystem, ownCallsOf, type System } from "./open-system.ts";

/** Everything that serves, open until it is disposed. */
interface Serving extends AsyncDisposable {
  readonly host: HttpHost;
  readonly views: ToolViews;
  readonly where: ServedAt;
}

/** What opening it takes. */
interface OpenServingOptions {
  readonly config: OpMcpConfig;
  readonly env: LoadConfigOptions["env"];
  readonly shared: SharedState;
  readonly system: System;
  readonly measured: Measured;
  readonly telemetry: Telemetry;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/**
 * Serves MCP over the network until a signal says to leave; then takes nothing new, finishes what is in flight and
 * resolves to the exit code, which is not 0 where that took longer than it may.
 */
export async function serveHttp(
  configOptions: LoadConfigOptions,
  { loaded, io, signal, onServing }: ServeHttpOptions,
): Promise<ExitCode> {
  const clock = systemClock;
  const loadedAtMs = clock.now();
  const { config } = loaded;
  await using log = createLogger({
    config: config.log,
    stderr: process.stderr,
    clock,
    hasColour: wantsColour(io, false),
  });
  const { logger } = log;
  const told = Promise.withResolvers<LeaveReason>();
  const hosts: HttpHost[] = [];
  const reload = (): void => {
    for (const host of hosts) void host.reloadCertificate();
  };
  const hasTerminal = io.stdin.isTTY === true;
  const leave = told.resolve;
  using _signals = watchSignals({ leave, reload, hasTerminal, interrupt: signal });
  await using notifier = createServiceNotifier({ env: io.env, pid: process.pid, clock, logger });
  const measured = measure(clock);
  await using telemetry = await openTelemetry({
    config: config.telemetry,
    env: io.env,
    clock,
    logger,
  });
  const { listeners, drainMs } = config.serve;
  await using shared = createOwnState(ownCallsOf({ config, env: io.env, clock }));
  await using system = await openSystem({
    config,
    env: io.env,
    logger,
    serves: listeners,
    middleware: [measured.middleware],
    shared,
    isTraced: telemetry.tracer !== undefined,
  });
  const parts = { shared, system, measured, telemetry };
  const opening = { config, env: io.env, ...parts, clock, logger, signal };
  await using serving = await openServing(opening);
  const { host, views, where } = serving;
  const onChanged = ({ serve }: OpMcpConfig): void => views.replaceProfiles(serve.profiles);
  const live = { loaded, loadedAtMs, options: configOptions, log, system, onChanged };
  await using _live = followConfig(live);
  using _heap = boundYoungHeap();
  telemetry.report?.(() => host.metrics);
  hosts.push(host);
  logger.info("serving", { urls: where.urls });
  notifier.ready(`Serving on ${where.urls.join(", ")}`);
  await onServing(where);
  const reason = await told.promise;
  logger.info("leaving: finishing what is in flight", { reason, withinMs: drainMs });
  notifier.stopping("Finishing what is in flight");
  return await drain(host, { clock, logger, drainMs });
}

async function openServing(options: OpenServingOptions): Promise<Serving> {
  const { config, env, shared, system, measured, telemetry, clock, logger, signal } = options;
  const { audit, toolbox } = system;
  await using stack = new AsyncDisposableStack();
  // Told in the log when it fails, and at /ready: calls decide for themselves what that means to them.
  audit.open().catch(() => undefined);
  const refusals = stack.use(createRefusalLog({ audit, clock }));
  const auth = stack.use(
    await openAuth({
      config: config.auth,
      url: endpointOf(config.serve.listeners) ?? "http://localhost/mcp",
      stateDir: resolveDirectories(config.paths, env).state,
      env,
      clock,
      logger,
      onEvent: (event) => refusals.note(toRefusalNote(event)),
      signal,
    }),
  );
  const views = stack.use(
    createToolViews({
      host: system.host,
      toolbox,
      disclosure: config.disclosure,
      profiles: config.serve.profiles,
      policy: system.access.policy,
      tracer: telemetry.tracer,
      key: shared.key,
      clock,
      logger,
    }),
  );
  const host = stack.use(
    await openHttpHost({
      config: config.serve,
      views,
      auth,
      refusals,
      store: shared.sessions,
      parts: system.parts,
      metrics: measured.metricsOf(system),
      inherited: findInheritedSockets(env, process.pid),
      clock,
      logger,
      signal,
    }),
  );
  const where = await servedAt(host, auth, signal);
  const open = stack.move();
  return { host, views, where, [Symbol.asyncDispose]: () => open[Symbol.asyncDispose]() };
}

async function servedAt(
  { urls }: HttpHost,
  { localToken }: Auth,
  signal: AbortSignal,
): Promise<ServedAt> {
  // Not disposed here: it is the one by which callers are compared.
  const token = await localToken?.read({ signal });
  return {
    urls,
    endpoint: endpointOf(urls),
    localToken:
      localToken === undefined || token === undefined
        ? undefined
        : { path: localToken.path, text: token.reveal() },
  };
}

async function drain(
  host: HttpHost,
  {
    clock,
    logger,
    drainMs,
  }: { readonly clock: Clock; readonly logger: Logger; readonly drainMs: number },
): Promise<ExitCode> {
  using deadline = startDeadline({ what: "Finishing what is in flight", ms: drainMs, clock });
  try {
    await host.drain({ signal: deadline.signal });
    logger.info("everything in flight was finished");
    return exitCodes.ok;
  } catch (error) {
    logger.warn("what was still in flight is cut off", { error });
    return exitCodes.failed;
  }
}
