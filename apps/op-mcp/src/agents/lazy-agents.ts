import { hash } from "node:crypto";
import type { AgentSource } from "op-agents/tools";
import type { ToolSource } from "op-tools";
import { FirstUse } from "../lazy/first-use.ts";
import { createLazyTools } from "../lazy/lazy-tools.ts";
import { packageFacts } from "../package.ts";
import type { OpenAgentsOptions } from "./open-agents.ts";

/** The name of the source of agents' tools. */
export const agentsSourceName = "agents";

/** The agents, whose code is loaded when one of them is used or listed anew. */
export interface LazyAgents {
  readonly tools: ToolSource;
  /** How each type of agent stands; nothing before the first task. */
  readonly types: AgentSource["types"];
  /** Cancels tasks that nobody waits for. */
  readonly leave: () => Promise<void>;
}

/** The list changes with the program and the configuration alone, so an unchanged one is not even asked for. */
function fingerprintOf({ config, systemBus, hasNetworkManager }: OpenAgentsOptions): string {
  const basis = [packageFacts().version, config, systemBus, hasNetworkManager];
  return hash("sha256", JSON.stringify(basis));
}

/** Makes what the configured agents offer. Nothing of it is loaded before it is used. */
export function createLazyAgents(options: OpenAgentsOptions): LazyAgents {
  let opened: AgentSource | undefined;
  const source = new FirstUse(async () => {
    const { openAgents } = await import("./open-agents.ts");
    return (opened = openAgents(options));
  });
  return {
    tools: createLazyTools({
      name: agentsSourceName,
      source: () => source.get(),
      fingerprint: () => Promise.resolve(fingerprintOf(options)),
      close: async () => await (await source.opened())?.[Symbol.asyncDispose](),
    }),
    get types() {
      return opened?.types ?? [];
    },
    leave: async () => (await source.opened())?.leave(),
  };
}
