import { systemClock } from "op-core";
import type { McpHost } from "op-protocol";
import {
  createToolView,
  metaToolNames,
  type PromptSource,
  type ResourceSource,
  type Toolbox,
  type ToolView,
} from "op-tools";
import type { OpMcpConfig } from "../config/op-mcp-config.ts";
import { packageFacts } from "../package.ts";
import { createPluginPrompts } from "../plugins/plugin-prompts.ts";
import { createPluginResources } from "../plugins/plugin-resources.ts";
import type { OpenSystemOptions } from "./open-system.ts";

const instructions =
  "Tools of this Linux machine. If the tool you need is not listed, find it with search_tools, read it with describe_tool, and call it with call_tool, or with call_tool_readonly when it only reads; call_many and call_many_readonly make several calls at once.";

/** What clients are shown of the tools. */
export function createView(
  disclosure: OpMcpConfig["disclosure"],
  toolbox: Toolbox,
): ToolView & Disposable {
  return createToolView({
    catalogue: toolbox.registry,
    call: (name, args, context) => toolbox.call(name, args, context),
    metaTools: metaToolNames,
    ...disclosure,
  });
}

/** What clients are shown and may use: the tools, and the resources and prompts of the system's own parts and of plugins. */
export function createHost(
  { config, logger, clock = systemClock }: OpenSystemOptions,
  { tools, toolbox }: { readonly tools: ToolView; readonly toolbox: Pick<Toolbox, "isListed"> },
  own: readonly { readonly resources: ResourceSource; readonly prompts?: PromptSource }[],
): McpHost {
  const { version } = packageFacts();
  const description = "One MCP endpoint for a Linux machine";
  const info = { name: "op-mcp", title: "op-mcp", version, description };
  const { modules } = config.plugins;
  const resources = [
    ...own.map((each) => each.resources),
    ...createPluginResources(modules, { clock, logger }),
  ];
  const prompts = [
    ...own.flatMap((each) => each.prompts ?? []),
    ...modules.map((path) => createPluginPrompts(path, { clock, logger })),
  ];
  const areToolsKnown = (): boolean => toolbox.isListed;
  return { info, instructions, tools, areToolsKnown, resources, prompts };
}
