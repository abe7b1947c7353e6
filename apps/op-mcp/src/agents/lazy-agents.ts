import type { FoundAgents } from "op-agents";
import type { AgentSource } from "op-agents/tools";
import type { SourceOptions, ToolSource, ToolSourceChange } from "op-tools";
import { FirstUse } from "../lazy/first-use.ts";
import { createLazyTools } from "../lazy/lazy-tools.ts";
import { agentsFingerprint } from "./agents-fingerprint.ts";
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

async function fingerprintOf(
  { others, ...options }: OpenAgentsOptions,
  how: SourceOptions,
): Promise<string> {
  const found = await others?.current(how);
  return agentsFingerprint({ ...options, found });
}

async function* tellResets(
  others: FoundAgents,
  how: SourceOptions,
): AsyncGenerator<ToolSourceChange> {
  for await (const _ of others.changes(how)) yield { kind: "source-reset" };
}

/** Makes what the configured agents offer. Nothing of it is loaded before it is used. */
export function createLazyAgents(options: OpenAgentsOptions): LazyAgents {
  const { others } = options;
  let opened: AgentSource | undefined;
  const source = new FirstUse(async () => {
    const { openAgents } = await import("./open-agents.ts");
    return (opened = openAgents(options));
  });
  return {
    tools: createLazyTools({
      name: agentsSourceName,
      source: () => source.get(),
      fingerprint: async (how) => await fingerprintOf(options, how),
      isKnown: true,
      ...(others === undefined ? {} : { changes: (how) => tellResets(others, how) }),
      close: async () => await (await source.opened())?.[Symbol.asyncDispose](),
    }),
    get types() {
      return opened?.types ?? [];
    },
    leave: async () => (await source.opened())?.leave(),
  };
}
