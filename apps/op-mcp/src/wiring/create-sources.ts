import { systemClock, type JsonObject } from "op-core";
import { createBuiltinSource, type Toolbox, type ToolSearch, type ToolSource } from "op-tools";
import { packageFacts } from "../package.ts";
import { createPluginSource } from "../plugins/plugin-source.ts";
import { describeUpstreams } from "../upstreams/describe-upstreams.ts";
import type { Upstreams } from "../upstreams/upstreams.ts";
import type { OpenSystemOptions } from "./open-system.ts";

/** Plain data about the system, for people and models who ask how it is. */
function describeStatus(toolbox: Toolbox, upstreams: Upstreams): JsonObject {
  const { known, lazy, sources, conflicts, quarantined } = toolbox.status();
  const toolsOf = new Map(sources.map(({ name, tools }) => [name, tools]));
  return {
    tools: { known, ...lazy },
    sources: sources.map(({ name, state, tools, isStale }) => ({
      name,
      tools,
      isStale,
      state: { ...state },
    })),
    upstreams: describeUpstreams(upstreams, (name) => toolsOf.get(name) ?? 0),
    conflicts: conflicts.map((conflict) => ({ ...conflict })),
    quarantined: quarantined.map((tool) => ({ ...tool })),
  };
}

/** What is made after the toolbox and yet used by tools in it. */
export interface Late {
  toolbox?: Toolbox;
  search?: ToolSearch;
}

/** The part, for those who are only called after the system is open. */
export function ready<Part>(part: Part | undefined): Part {
  if (part === undefined)
    throw new TypeError("a built-in tool was called before the system was open");
  return part;
}

/** Whoever comes first keeps a name that two of them want. */
export function createSources(
  { config, env, clock = systemClock }: OpenSystemOptions,
  late: Late,
  { own, upstreams }: { own: readonly { readonly tools: ToolSource }[]; upstreams: Upstreams },
): readonly ToolSource[] {
  const builtin = createBuiltinSource({
    catalogue: { get: (name) => ready(late.toolbox).registry.get(name) },
    expected: {
      find: (name, how) => ready(late.toolbox).find(name, how),
      missing: (name) => ready(late.toolbox).missing(name),
    },
    search: { search: (request, how) => ready(late.search).search(request, how) },
    call: (name, args, context) => ready(late.toolbox).call(name, args, context),
    usageOf: (name) => ready(late.toolbox).registry.usage(name),
    describeStatus: () => describeStatus(ready(late.toolbox), upstreams),
    versions: { "op-mcp": packageFacts().version, node: process.version },
    commandPath: env["PATH"] ?? "",
    clock,
  });
  return [
    builtin,
    ...own.map(({ tools }) => tools),
    ...config.plugins.modules.map((path) => createPluginSource(path)),
    ...upstreams.tools,
  ];
}
