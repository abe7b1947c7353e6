import { existsSync } from "node:fs";
import { systemClock } from "op-core";
import type { Toolbox, ToolContext, ToolSource } from "op-tools";
import { agentsPart } from "../agents/agents-part.ts";
import { createAgentTasks, type Worker } from "../agents/agent-tasks.ts";
import { agentsDirectory } from "../agents/agents-record.ts";
import type { OpenAgentsOptions } from "../agents/open-agents.ts";
import { createLazyAgentsBus } from "../agents/lazy-agents-bus.ts";
import { agentsSourceName, createLazyAgents } from "../agents/lazy-agents.ts";
import { resolveDirectories } from "../config/directories.ts";
import { findBuses } from "../dbus/find-buses.ts";
import type { ReadyPart } from "../hosting/status/readiness.ts";
import type { LazyProcesses } from "../processes/lazy-processes.ts";
import type { OpenSystemOptions } from "./open-system.ts";

/** The agents, as the rest of the system sees them. Disposing closes what they stand on. */
export interface Agents extends AsyncDisposable {
  readonly own: readonly { readonly tools: ToolSource }[];
  /** Who did what a call asked for, where that was an agent; to be asked once, when the call has ended. */
  readonly workerOf: (context: ToolContext) => Worker;
  /** Lets others use agents over a bus from now on, where that is configured and clients are served. */
  readonly show: () => void;
  /** Takes them off it, and cancels tasks that nobody waits for: they are calls too, and hold up what calls go through. */
  readonly leave: () => Promise<void>;
  /** How they are looked at from outside. */
  readonly parts: readonly ReadyPart[];
}

/** What agents stand on. */
export interface AgentParts {
  readonly processes: LazyProcesses;
  /** What their own calls go through. */
  readonly toolbox: () => Toolbox;
}

/** Makes the agents that are configured; nothing of them is loaded or started before it is used. */
export function createAgents(
  { config, env, serves, logger, clock = systemClock }: OpenSystemOptions,
  { processes, toolbox }: AgentParts,
): Agents {
  const tasks = createAgentTasks();
  if (!config.agents.isEnabled) return none;
  const buses = findBuses(env);
  const surroundings = {
    systemBus: buses.systemBusAddress,
    hasNetworkManager: existsSync("/usr/sbin/NetworkManager"),
    call: callThrough(toolbox),
  };
  const bus = createLazyAgentsBus({ config: config.agents, ...buses, clock, logger });
  const isShown = serves !== undefined && config.agents.dbus.expose.length > 0;
  let shown: AsyncDisposable | undefined;
  const agents = createLazyAgents({
    config: config.agents,
    ...surroundings,
    processes,
    bus: bus.found,
    others: bus.others,
    onSubmitted: (context, submitted) => tasks.note(context, submitted),
    directory: agentsDirectory(resolveDirectories(config.paths, env)),
    clock,
    logger,
  });
  return {
    own: [agents],
    workerOf: (context) => tasks.take(context),
    show: () => {
      if (isShown) shown = bus.show(surroundings);
    },
    leave: async () => {
      await shown?.[Symbol.asyncDispose]();
      await agents.leave();
    },
    parts: [agentsPart(agents)],
    [Symbol.asyncDispose]: async () => await bus[Symbol.asyncDispose](),
  };
}

const none: Agents = {
  own: [],
  workerOf: () => ({}),
  show: () => undefined,
  leave: () => Promise.resolve(),
  parts: [],
  [Symbol.asyncDispose]: () => Promise.resolve(),
};

/** Calls of others go through everything that calls of clients go through. */
function callThrough(toolbox: () => Toolbox): OpenAgentsOptions["call"] {
  return (name, args, context) => toolbox().call(publicNameOf(name, toolbox()), args, context);
}

function publicNameOf(name: string, toolbox: Toolbox): string {
  const { conflicts } = toolbox.status();
  const own = conflicts.find((each) => each.renamed === agentsSourceName && each.name === name);
  return own?.to ?? name;
}
