import type { Execution } from "./execution-backend.ts";

/** Where agents are found that somebody else runs. */
export interface AgentBus {
  /** Opens a conversation with the agent that has a name; it ends when that agent leaves, or the execution is killed. */
  attach(name: string, options: { readonly signal: AbortSignal }): Promise<Execution>;
}
