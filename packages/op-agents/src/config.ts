/** Schemas of what can be configured: type, default, check and documentation at once. */
export { ExecutorConfig } from "./agents/executor/executor-config.ts";
export { FileConfig } from "./agents/file/file-config.ts";
export { MonitorConfig } from "./agents/monitor/monitor-config.ts";
export { NetworkConfig } from "./agents/network/network-config.ts";
export { NetworkManagerConfig } from "./agents/networkmanager/networkmanager-config.ts";
export { SystemdConfig } from "./agents/systemd/systemd-config.ts";
export { AgentSpecConfig } from "./spec/agent-spec-config.ts";
export { AgentsConfig } from "./spec/agents-config.ts";
