import { openAgentPool, openNativeBackend } from "op-agents";
import { agentsFromConfig, openDirectAgent } from "op-agents/agents";
import { createAgentSource, type AgentSource, type SubmittedTask } from "op-agents/tools";
import type { Clock, JsonObject, Logger } from "op-core";
import type { ToolContext, ToolResult } from "op-tools";
import type { LazyProcesses } from "../processes/lazy-processes.ts";
import type { AgentsSettings } from "./agents-settings.ts";

/** What the agents are opened with. */
export interface OpenAgentsOptions {
  readonly config: AgentsSettings;
  /** Where the system bus is, if there is one. */
  readonly systemBus: string | undefined;
  readonly processes: LazyProcesses;
  /** Calls a tool of the agents as a client does. */
  readonly call: (name: string, args: JsonObject, context: ToolContext) => Promise<ToolResult>;
  readonly onSubmitted: (context: ToolContext, submitted: SubmittedTask) => void;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** How long tasks may go on when everything is closed: whoever wanted them is gone by then. */
const closeMs = 100;

/** Makes the tools of the configured agents; processes are started with the first task. */
export function openAgents(options: OpenAgentsOptions): AgentSource {
  const { config, systemBus, processes, call, onSubmitted, clock, logger } = options;
  const specs = agentsFromConfig(config, { systemBus });
  return createAgentSource({
    specs,
    maxAgents: config.maxAgents,
    call,
    onSubmitted,
    direct: {
      open: async (type) => await openDirectAgent(type, config, { systemBus }),
      isPreferred: config.preferDirect,
      logger,
    },
    openPool: async ({ signal }) => {
      const host = await processes.host({ signal });
      const backend = await openNativeBackend({ host, logger });
      return await openAgentPool(
        { ...config, backend, specs, startsWith: "first-task", closeMs, clock, logger },
        { signal },
      );
    },
  });
}
