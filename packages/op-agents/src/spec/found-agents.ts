import type { AgentSpec } from "./agent-spec.ts";

/** Agents that come and go by themselves. */
export interface FoundAgents {
  /** Those that there are. */
  current(options: { readonly signal: AbortSignal }): Promise<readonly AgentSpec[]>;
  /** Says that others came or left, until its signal aborts. */
  changes(options: { readonly signal: AbortSignal }): AsyncIterable<void>;
}
