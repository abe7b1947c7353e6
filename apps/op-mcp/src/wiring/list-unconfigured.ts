import { listAgents } from "../agents/list-agents.ts";
import { defaultConfig } from "../config/default-config.ts";
import type { KnownLists } from "../lazy/known-lists.ts";
import { packLists } from "../lazy/pack-lists.ts";
import { listState } from "../state/list-state.ts";

/** The lists of all that comes with op-mcp and is not configured. */
export async function listUnconfigured(): Promise<KnownLists> {
  const { agents, state } = defaultConfig;
  return packLists([...(await listAgents(agents)), ...(await listState(state))]);
}
