import type { JsonObject } from "op-core";
import { createTerminalAsk } from "../ask-on-terminal.ts";
import { callForData } from "../call-for-data.ts";
import type { CliCallOptions } from "../cli-system.ts";
import type { CommandContext } from "../command.ts";
import { withSystem } from "../with-system.ts";

/** A call of a tool of agents. */
export interface AgentsCall {
  readonly tool: string;
  readonly args?: JsonObject;
  readonly onProgress?: CliCallOptions["onProgress"];
}

/** Calls a tool of agents and answers its data. Rejects where the tool reports an error. */
export async function callAgents(
  context: CommandContext,
  { tool, args = {}, onProgress }: AgentsCall,
): Promise<JsonObject> {
  const { io, signal } = context;
  const ask = createTerminalAsk(io, signal);
  const options = { signal, ask, ...(onProgress === undefined ? {} : { onProgress }) };
  return await withSystem(context, (system) => callForData(system, { name: tool, args }, options));
}
