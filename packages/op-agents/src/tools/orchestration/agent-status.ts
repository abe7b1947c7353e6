import { defineTool } from "op-tools/define";
import type { Tool } from "op-tools";
import * as z from "zod";
import type { AgentInstance } from "../../supervisor/agent-instance.ts";
import type { AgentToolParts } from "../agent-tool-parts.ts";
import { toolHeader } from "./tool-header.ts";

const output = z.object({
  place: z.string().optional().meta({ description: "Where the agents run." }),
  agents: z.array(
    z.object({
      agent: z.string(),
      type: z.string(),
      state: z.enum(["spawning", "starting", "running", "draining", "stopped", "failed", "killed"]),
      isolation: z.string(),
      process: z.string(),
      startedAt: z.string(),
      tasksDone: z.int(),
      tasksRunning: z.int(),
      memoryBytes: z.number(),
      cpuMs: z.number(),
      processes: z.int(),
    }),
  ),
});

/** Makes the tool that shows each agent that runs. It starts none. */
export function createAgentStatus(parts: AgentToolParts): Tool {
  return defineTool({
    ...toolHeader(parts, "agent_status", "Agent status"),
    description:
      "Shows each agent that runs: its state, its isolation, what it has done and what it uses.",
    input: z.strictObject({
      type: z.string().optional().meta({ description: "Only agents of this type." }),
      agent: z.string().optional().meta({ description: "Only this agent." }),
    }),
    output,
    risk: "read",
    call: async ({ type, agent }) => {
      const { opened } = parts.pool;
      const wanted = (opened?.agents ?? []).filter(
        (each) => (type ?? each.type) === each.type && (agent ?? each.id) === each.id,
      );
      return {
        ...(opened === undefined ? {} : { place: `${opened.place.kind} ${opened.place.name}` }),
        agents: await Promise.all(wanted.map(describeAgent)),
      };
    },
  });
}

async function describeAgent(
  agent: AgentInstance,
): Promise<z.output<typeof output>["agents"][number]> {
  const { memoryBytes, cpuMs, processes } = await agent.usage();
  return {
    agent: agent.id,
    type: agent.type,
    state: agent.state.kind,
    isolation: agent.isolation,
    process: agent.processId,
    startedAt: new Date(agent.startedAtMs).toISOString(),
    tasksDone: agent.tasksDone,
    tasksRunning: agent.inFlight,
    memoryBytes,
    cpuMs,
    processes,
  };
}
