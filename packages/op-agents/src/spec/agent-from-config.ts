import type { AgentSpecConfig } from "./agent-spec-config.ts";
import type { BusAgentConfig } from "./bus-agents-config.ts";
import { busNameOf } from "./bus-name-of.ts";
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

/**
 * The specification of an agent that somebody else runs.
 *
 * @throws {AgentSpecError} it contradicts itself.
 */
export function busAgentFromConfig({ name, ...spec }: BusAgentConfig): AgentSpec {
  const onBus = name === "" ? busNameOf(spec.type) : name;
  // Each connection has one conversation with it, which is opened when it is needed.
  const instances = { min: 0, max: 1 };
  return defineAgent({ ...spec, instances, program: { kind: "bus", name: onBus } });
}
