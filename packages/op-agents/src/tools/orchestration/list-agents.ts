import { defineTool } from "op-tools/define";
import type { Tool } from "op-tools";
import * as z from "zod";
import type { AgentToolParts } from "../agent-tool-parts.ts";
import { toolNameOf } from "../describe-operation.ts";
import { toolHeader } from "./tool-header.ts";

const output = z.object({
  agents: z.int().meta({ description: "How many agents run, of all types." }),
  maxAgents: z.int(),
  types: z.array(
    z.object({
      type: z.string(),
      description: z.string(),
      tools: z.array(z.string()).meta({ description: "What its agents do, as tools." }),
      running: z.int(),
      idle: z.int(),
      min: z.int(),
      max: z.int(),
      waiting: z.int().meta({ description: "How many tasks wait." }),
      unavailable: z.string().optional().meta({ description: "Why none is started, while so." }),
    }),
  ),
});

/** Makes the tool that shows which agents there are. It starts none. */
export function createListAgents(parts: AgentToolParts): Tool {
  return defineTool({
    ...toolHeader(parts, "list_agents", "List agents"),
    description: "Shows which types of agents there are, what they do, and how many of them run.",
    input: z.strictObject({}),
    output,
    risk: "read",
    call: () => Promise.resolve(describeAgents(parts)),
  });
}

function describeAgents({ specs, pool, maxAgents }: AgentToolParts): z.output<typeof output> {
  const { opened } = pool;
  const views = new Map((opened?.types ?? []).map((view) => [view.type, view]));
  const none = { running: 0, idle: 0, waiting: 0, unavailable: undefined };
  const types = specs.map((spec) => {
    const { type, description, operations, instances } = spec;
    const { running, idle, waiting, unavailable } = { ...none, ...views.get(type) };
    const tools = operations.map((operation) => toolNameOf(spec, operation));
    const counts = { running, idle, ...instances, waiting };
    return {
      type,
      description,
      tools,
      ...counts,
      ...(unavailable === undefined ? {} : { unavailable }),
    };
  });
  return { agents: opened?.agents.length ?? 0, maxAgents, types };
}
