import { join } from "node:path";
import { formatError, systemClock, type Clock, type JsonObject, type Logger } from "op-core";
import type { McpHost } from "op-protocol";
import {
  createBuiltinSource,
  createResultSource,
  createResultStore,
  createToolSearch,
  createToolView,
  metaToolNames,
  openToolbox,
  type Toolbox,
  type ToolSearch,
  type ToolSource,
} from "op-tools";
import { resolveDirectories } from "../config/directories.ts";
import type { Environment } from "../config/environment.ts";
import type { OpMcpConfig } from "../config/op-mcp-config.ts";
import { packageFacts } from "../package.ts";
import { createPluginSource } from "../plugins/plugin-source.ts";
import { createMiddleware } from "./middleware.ts";

/** What the system is opened with. */
export interface OpenSystemOptions {
  readonly config: OpMcpConfig;
  readonly env: Environment;
  readonly logger: Logger;
  readonly clock?: Clock;
}

/** Everything that runs, whichever way it is reached. */
export interface System extends AsyncDisposable {
  readonly toolbox: Toolbox;
  readonly search: ToolSearch;
  /** What clients are shown and may call. */
  readonly host: McpHost;
  readonly manifestPath: string;
}

const instructions =
  "Tools of this Linux machine. If the tool you need is not listed, find it with search_tools, read it with describe_tool, and call it with call_tool, or with call_tool_readonly when it only reads.";

/** Plain data about the system, for people and models who ask how it is. */
function describeStatus(toolbox: Toolbox): JsonObject {
  const { known, lazy, sources, conflicts, quarantined } = toolbox.status();
  return {
    tools: { known, ...lazy },
    sources: sources.map(({ name, state, tools, isStale }) => ({
      name,
      tools,
      isStale,
      state: { ...state },
    })),
    conflicts: conflicts.map((conflict) => ({ ...conflict })),
    quarantined: quarantined.map((tool) => ({ ...tool })),
  };
}

interface Parts {
  readonly options: OpenSystemOptions;
  /** The toolbox, once it is open: the built-in tools look into the toolbox they are part of. */
  readonly opened: () => Toolbox;
  readonly search: () => ToolSearch;
}

/** Whoever comes first keeps a name that two of them want. */
function createSources({ options, opened, search }: Parts): readonly ToolSource[] {
  const { config, env, clock = systemClock } = options;
  const builtin = createBuiltinSource({
    catalogue: { get: (name) => opened().registry.get(name) },
    search: { search: (request, how) => search().search(request, how) },
    call: (name, args, context) => opened().call(name, args, context),
    usageOf: (name) => opened().registry.usage(name),
    describeStatus: () => describeStatus(opened()),
    versions: { "op-mcp": packageFacts().version, node: process.version },
    commandPath: env["PATH"] ?? "",
    clock,
  });
  return [builtin, ...config.plugins.modules.map((path) => createPluginSource(path))];
}

/**
 * Opens everything, in the only place that knows everybody. Disposing the system closes it in reverse; when opening
 * fails half-way, what was open is closed again.
 */
export async function openSystem(options: OpenSystemOptions): Promise<System> {
  const { config, env, logger, clock = systemClock } = options;
  const { tools, disclosure, calls } = config;
  const manifestPath = join(resolveDirectories(config.paths, env).cache, "tools.manifest");
  const results = createResultStore({ ...calls.result, clock });
  let parts: { readonly toolbox: Toolbox; readonly search: ToolSearch } | undefined;
  const opened = (): { readonly toolbox: Toolbox; readonly search: ToolSearch } => {
    if (parts === undefined)
      throw new TypeError("a built-in tool was called before the toolbox was open");
    return parts;
  };
  await using stack = new AsyncDisposableStack();
  const toolbox = stack.use(
    await openToolbox({
      sources: createSources({
        options,
        opened: () => opened().toolbox,
        search: () => opened().search,
      }),
      middleware: createMiddleware({ config: calls, results, clock }),
      config: tools,
      manifestPath,
      clock,
      logger,
    }),
  );
  const search = stack.use(createToolSearch({ catalogue: toolbox.registry, clock }));
  parts = { toolbox, search };
  const view = stack.use(
    createToolView({
      catalogue: toolbox.registry,
      call: (name, args, context) => toolbox.call(name, args, context),
      metaTools: metaToolNames,
      ...disclosure,
    }),
  );
  const { version } = packageFacts();
  const info = {
    name: "op-mcp",
    title: "op-mcp",
    version,
    description: "One MCP endpoint for a Linux machine",
  };
  const host = {
    info,
    instructions,
    tools: view,
    resources: [stack.use(createResultSource(results))],
    prompts: [],
  };
  const closing = stack.move();
  return {
    toolbox,
    search,
    host,
    manifestPath,
    [Symbol.asyncDispose]: async () => {
      try {
        await closing.disposeAsync();
      } catch (error) {
        logger.error("the system did not close cleanly", { error: formatError(error) });
      }
    },
  };
}
