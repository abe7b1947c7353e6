/** What agents do, as tools for op-tools, and tools to look after the agents and their tasks. */
export {
  createAgentSource,
  type AgentSource,
  type AgentSourceOptions,
} from "./create-agent-source.ts";
export type { DirectOptions } from "./direct-agents.ts";
export type { SubmittedTask } from "./agent-tool-parts.ts";
export { runByTool, type RunByToolOptions } from "./run-by-tool.ts";
