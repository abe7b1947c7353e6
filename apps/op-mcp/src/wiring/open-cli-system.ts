import { randomUUID } from "node:crypto";
import {
  abortable,
  DeadlineExceededError,
  isErrorOf,
  startDeadline,
  systemClock,
  type JsonObject,
  type Logger,
  type Span,
} from "op-core";
import {
  ToolNotFoundError,
  withSpan,
  type ToolContext,
  type ToolDescriptor,
  type ToolResult,
} from "op-tools";
import type {
  CliCallOptions,
  CliSystem,
  DoctorCheck,
  OpenCliSystemOptions,
  ToolQuery,
} from "../cli/cli-system.ts";
import { ownPrincipalId } from "../access/own-user.ts";
import { CommandTraces } from "../telemetry/command-traces.ts";
import { openSystem, type System } from "./open-system.ts";

/** More than anybody reads on a terminal. */
const mostHits = 1000;

function fits(tool: ToolDescriptor, { source, category, risk }: ToolQuery): boolean {
  return (
    (source === undefined || tool.source === source) &&
    (category === undefined || tool.category === category) &&
    (risk === undefined || tool.risk === risk)
  );
}

/** A server that does not answer keeps nobody from those that do for longer. */
const patienceMs = 10_000;

/** Resolves when every source was listed, or those that were not have had their time. */
async function listed({ toolbox }: System, logger: Logger, signal: AbortSignal): Promise<void> {
  const what = "Listing all tools";
  using deadline = startDeadline({ what, ms: patienceMs, clock: systemClock, signal });
  try {
    await abortable(toolbox.ready, deadline.signal);
  } catch (error) {
    if (!isErrorOf(error, DeadlineExceededError)) throw error;
    const { sources } = toolbox.status();
    const silent = sources.filter(({ state }) => state.kind !== "ready").map(({ name }) => name);
    logger.warn("tools may be missing: not every source has said what it has", { silent });
  }
}

async function findTools(
  { toolbox, search }: System,
  query: ToolQuery,
  signal: AbortSignal,
): Promise<readonly ToolDescriptor[]> {
  const { text, ...filters } = query;
  if (text !== undefined) {
    const { hits } = await search.search({ query: text, limit: mostHits, ...filters }, { signal });
    return hits.map(({ descriptor }) => descriptor);
  }
  const tools = toolbox.registry.names().map((name) => toolbox.registry.get(name));
  return tools.filter((tool) => tool !== undefined).filter((tool) => fits(tool, query));
}

function createContext({ signal, ask, onProgress }: CliCallOptions, logger: Logger): ToolContext {
  const requestId = randomUUID();
  return {
    signal,
    requestId,
    principal: { id: ownPrincipalId(), scopes: [] },
    sessionId: requestId,
    client: { name: "op-mcp call", version: process.version },
    logger: logger.child({ requestId }),
    ask,
    reportProgress: (update) => onProgress?.(update),
    logToClient: (level, data) => logger.info("the tool says", { level, data }),
    meta: {},
  };
}

interface CallOptions {
  readonly args: JsonObject;
  readonly options: CliCallOptions;
  readonly logger: Logger;
  readonly span: Span | undefined;
}

async function call(
  system: System,
  name: string,
  { args, options, logger, span }: CallOptions,
): Promise<ToolResult> {
  const { toolbox } = system;
  const context = withSpan(createContext(options, logger), span);
  try {
    return await toolbox.call(name, args, context);
  } catch (error) {
    if (!isErrorOf(error, ToolNotFoundError)) throw error;
    // The manifest may be older than the tool.
    await listed(system, logger, options.signal);
    return await toolbox.call(name, args, context);
  }
}

/**
 * How the manifest and each source are.
 *
 * @yields each as soon as it is known
 */
async function* check({ toolbox, manifestPath }: System): AsyncGenerator<DoctorCheck> {
  await toolbox.ready;
  const { known, sources, conflicts, quarantined } = toolbox.status();
  yield { name: "Tools", status: "ok", detail: `${known} known; the manifest is ${manifestPath}` };
  for (const { name, state, tools } of sources) {
    if (state.kind === "failed") {
      yield { name: `Source ${name}`, status: "fail", detail: state.error };
    } else yield { name: `Source ${name}`, status: "ok", detail: `${tools} tools` };
  }
  for (const { name, keptBy, renamed, to } of conflicts) {
    const detail = `${keptBy} and ${renamed} both have ${name}; the latter's is called ${to}`;
    yield { name: "Name conflict", status: "warn", detail };
  }
  for (const { source, name, reason } of quarantined) {
    yield {
      name: "Quarantined tool",
      status: "warn",
      detail: `${name} of ${source} is not offered: ${reason}`,
    };
  }
}

/** Opens the system for one command, and waits for its first listing where nothing is known from an earlier run. */
export async function openCliSystem({
  loaded,
  logger,
  signal,
  env,
}: OpenCliSystemOptions): Promise<CliSystem> {
  const { config } = loaded;
  await using stack = new AsyncDisposableStack();
  const telemetry = { config: config.telemetry, env, clock: systemClock, logger };
  const traces = stack.use(new CommandTraces(telemetry));
  const isTraced = traces.isSending;
  const system = stack.use(await openSystem({ config, env, logger, isTraced }));
  const open = stack.move();
  signal.addEventListener("abort", () => void open[Symbol.asyncDispose](), { once: true });
  return {
    findTools: async (query, options) => {
      await listed(system, logger, options.signal);
      return await findTools(system, query, options.signal);
    },
    call: (name, args, options) =>
      traces.around(name, (span) => call(system, name, { args, options, logger, span })),
    checks: () => check(system),
    [Symbol.asyncDispose]: () => open[Symbol.asyncDispose](),
  };
}
