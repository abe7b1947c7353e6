import {
  openAgentPool,
  openNativeBackend,
  type AgentBus,
  type AgentPool,
  type FoundAgents,
} from "op-agents";
import { agentsFromConfig, openDirectAgent } from "op-agents/agents";
import { createAgentSource, type AgentSource, type SubmittedTask } from "op-agents/tools";
import type { Clock, JsonObject, Logger } from "op-core";
import type { ToolContext, ToolResult } from "op-tools";
import type { LazyProcesses } from "../processes/lazy-processes.ts";
import { openAgentRecorder, type AgentRecorder } from "./agent-recorder.ts";
import type { AgentsSettings } from "./agents-settings.ts";

/** What the agents are opened with. */
export interface OpenAgentsOptions {
  readonly config: AgentsSettings;
  /** Where the system bus is, if there is one. */
  readonly systemBus: string | undefined;
  readonly hasNetworkManager: boolean;
  readonly processes: LazyProcesses;
  /** Where agents are that others run. */
  readonly bus: AgentBus;
  /** Those of others that are found there, where any may be. */
  readonly others: FoundAgents | undefined;
  /** Calls a tool of the agents as a client does. */
  readonly call: (name: string, args: JsonObject, context: ToolContext) => Promise<ToolResult>;
  readonly onSubmitted: (context: ToolContext, submitted: SubmittedTask) => void;
  /** Where other processes read how the agents are. */
  readonly directory: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** How long tasks may go on when everything is closed: whoever wanted them is gone by then. */
const closeMs = 100;

/** Makes the tools of the configured agents; processes are started with the first task. */
export function openAgents(options: OpenAgentsOptions): AgentSource {
  const { config, systemBus, hasNetworkManager, processes, bus, call, onSubmitted } = options;
  const { directory, clock } = options;
  const specs = agentsFromConfig(config, { systemBus, hasNetworkManager });
  const recorder = openAgentRecorder({ directory, clock, logger: options.logger });
  const { logger } = recorder;
  return createAgentSource({
    specs,
    found: options.others,
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
      const pool = await openAgentPool(
        { ...config, backend, bus, specs, startsWith: "first-task", closeMs, clock, logger },
        { signal },
      );
      recorder.follow(pool);
      void recordEvents(pool, recorder);
      return pool;
    },
  });
}

/** Logs what happens to the agents until their pool is closed, and then takes the record away. */
async function recordEvents(pool: AgentPool, recorder: AgentRecorder): Promise<void> {
  using _recorder = recorder;
  const { logger } = recorder;
  for await (const event of pool.events({ signal: new AbortController().signal })) {
    if (event.kind === "agent-changed") {
      const { agent, state, previous } = event;
      const reason = "reason" in state ? { reason: state.reason } : {};
      logger.debug(`It is ${state.kind}; before it was ${previous.kind}.`, { agent, ...reason });
    } else if (event.kind === "type-given-up") {
      logger.warn("No more agents are started.", { agent: event.type, reason: event.reason });
    }
  }
}
