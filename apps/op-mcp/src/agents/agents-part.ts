import type { AgentSource } from "op-agents/tools";
import type { ReadyPart } from "../hosting/status/readiness.ts";
import type { Metric } from "../metrics/metric.ts";
import { createGauge } from "../metrics/observed.ts";

/** The agents as they are looked at from outside. Before the first task there is nothing that could fail. */
export function agentsPart(agents: Pick<AgentSource, "types">): ReadyPart {
  const areAvailable = (): boolean =>
    agents.types.every(({ unavailable }) => unavailable === undefined);
  return {
    name: "agents",
    check: () => (areAvailable() ? "ok" : "degraded"),
    metrics: () => agentMetrics(agents),
  };
}

function agentMetrics(agents: Pick<AgentSource, "types">): readonly Metric[] {
  return [
    createGauge(
      {
        name: "op_mcp_agents",
        help: "Agents by type: those that take tasks, those of them with nothing to do, and as many as there should be.",
        labelNames: ["type", "state"],
      },
      () =>
        agents.types.flatMap(({ type, running, idle, wanted }) =>
          Object.entries({ running, idle, wanted }).map(
            ([state, count]) => [{ type, state }, count] as const,
          ),
        ),
    ),
    createGauge(
      {
        name: "op_mcp_agent_tasks_waiting",
        help: "Tasks that wait for an agent, by type.",
        labelNames: ["type"],
      },
      () => agents.types.map(({ type, waiting }) => [{ type }, waiting]),
    ),
  ];
}
