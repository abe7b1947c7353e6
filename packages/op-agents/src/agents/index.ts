/** The agents that come with this package. Each is a program of its own: nothing of them runs where this is imported. */
export { agentsFromConfig, type AgentSurroundings } from "./agents-from-config.ts";
export { openDirectAgent } from "./open-direct-agent.ts";
export { defineExecutor } from "./executor/define-executor.ts";
export { defineFileAgent } from "./file/define-file-agent.ts";
export { defineMonitorAgent } from "./monitor/define-monitor-agent.ts";
export { defineSystemdAgent, type SystemdAgentOptions } from "./systemd/define-systemd-agent.ts";
export { defineNetworkAgent } from "./network/define-network-agent.ts";
export { defineNetworkManagerAgent } from "./networkmanager/define-networkmanager-agent.ts";
