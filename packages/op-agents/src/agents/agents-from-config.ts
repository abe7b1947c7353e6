import { agentFromConfig, busAgentFromConfig } from "../spec/agent-from-config.ts";
import type { AgentSpec } from "../spec/agent-spec.ts";
import type { AgentsConfig } from "../spec/agents-config.ts";
import { defineExecutor } from "./executor/define-executor.ts";
import { defineFileAgent } from "./file/define-file-agent.ts";
import { defineMonitorAgent } from "./monitor/define-monitor-agent.ts";
import { defineNetworkAgent } from "./network/define-network-agent.ts";
import { defineNetworkManagerAgent } from "./networkmanager/define-networkmanager-agent.ts";
import { defineSystemdAgent } from "./systemd/define-systemd-agent.ts";

/** What is found on the machine, and not configured. */
export interface AgentSurroundings {
  /** The address of the system bus; without one nobody asks its services. */
  readonly systemBus?: string | undefined;
  /** Whether NetworkManager is installed; without it nobody asks it. */
  readonly hasNetworkManager?: boolean;
}

/**
 * Every agent that is configured: those that come with this package, each with a line here, and the user's own.
 *
 * @throws {AgentSpecError} one contradicts itself.
 */
export function agentsFromConfig(
  { executor, file, monitor, systemd, network, networkmanager, types, dbus }: AgentsConfig,
  { systemBus, hasNetworkManager = false }: AgentSurroundings = {},
): readonly AgentSpec[] {
  return [
    ...(executor.isEnabled ? [defineExecutor(executor)] : []),
    ...(file.isEnabled ? [defineFileAgent(file)] : []),
    ...(monitor.isEnabled ? [defineMonitorAgent(monitor)] : []),
    ...(systemd.isEnabled && systemBus !== undefined
      ? [defineSystemdAgent(systemd, { address: systemBus })]
      : []),
    ...(network.isEnabled ? [defineNetworkAgent(network)] : []),
    ...(networkmanager.isEnabled && hasNetworkManager && systemBus !== undefined
      ? [defineNetworkManagerAgent(networkmanager, { address: systemBus })]
      : []),
    ...types.map(agentFromConfig),
    ...dbus.types.map(busAgentFromConfig),
  ];
}
