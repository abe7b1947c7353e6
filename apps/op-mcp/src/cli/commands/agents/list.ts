import { callAgents } from "../../agents/call-agents.ts";
import type { RunCommand } from "../../command.ts";
import { asList, asObject, asText } from "../../json-fields.ts";
import { exitCodes } from "../../exit-codes.ts";

/** `op-mcp agents list`: the types of agents, and what they do. */
export const runAgentsList: RunCommand = async (context) => {
  const { flags, screen } = context;
  const listed = await callAgents(context, { tool: "list_agents" });
  const types = asList(listed["types"]).map(asObject);
  if (flags.has("json")) screen.json(types);
  else {
    const rows = types.map(({ type, min, max, description, tools }) => [
      { text: asText(type), look: "cyan" as const },
      { text: `${JSON.stringify(min)}–${JSON.stringify(max)}` },
      { text: asText(description) },
      { text: asList(tools).map(asText).join(", ") },
    ]);
    screen.table(["TYPE", "AGENTS", "WHAT FOR", "TOOLS"], rows);
  }
  return exitCodes.ok;
};
