import { AgentsConfig } from "op-agents/config";
import * as z from "zod";

/** Whether and which agents op-mcp offers. */
export const AgentsSettings = AgentsConfig.extend({
  isEnabled: z.boolean().default(true).meta({
    description: "Whether what agents do is offered as tools.",
    env: "MCP_AGENT_DISCOVERY",
  }),
}).meta({ description: "Agents: supervised, sandboxed programs that work for op-mcp." });

/** Whether and which agents op-mcp offers. */
export type AgentsSettings = z.output<typeof AgentsSettings>;
