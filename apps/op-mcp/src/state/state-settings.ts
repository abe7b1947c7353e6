import { StateConfig } from "op-state/config";
import * as z from "zod";
import { ExternalPluginConfig } from "./external/external-plugin-config.ts";

/** Whether and how op-mcp offers declared system state. */
export const StateSettings = StateConfig.extend({
  isEnabled: z.boolean().default(true).meta({
    description: "Whether declared system state is offered as tools.",
    env: "MCP_PLUGIN_DISCOVERY",
  }),
  external: z.record(z.string(), ExternalPluginConfig).default({}).meta({
    description:
      "Plugins of others by their names; `op-mcp plugins add` adds them. They run as the user that op-mcp runs as.",
  }),
}).meta({
  description: "Declared system state: a plan before, a journal during, and a way back after.",
});

/** Whether and how op-mcp offers declared system state. */
export type StateSettings = z.output<typeof StateSettings>;
