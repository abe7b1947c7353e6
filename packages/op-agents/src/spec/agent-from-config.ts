import type { AgentSpecConfig } from "./agent-spec-config.ts";
import type { AgentSpec } from "./agent-spec.ts";
import { defineAgent } from "./define-agent.ts";

/**
 * The specification of an agent that somebody configured.
 *
 * @throws {AgentSpecError} it contradicts itself.
 */
export function agentFromConfig(config: AgentSpecConfig): AgentSpec {
  const { argv, limits, restart, ...spec } = config;
  const { memoryBytes, processes, openFiles, cpuTimeMs, ...own } = limits;
  const process = { memoryBytes, processes, openFiles, ...(cpuTimeMs === 0 ? {} : { cpuTimeMs }) };
  return defineAgent({
    ...spec,
    program: { kind: "executable", argv: [...argv] },
    limits: { ...own, process },
    restart,
  });
}
