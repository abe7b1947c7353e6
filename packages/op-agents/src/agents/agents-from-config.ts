import { agentFromConfig } from "../spec/agent-from-config.ts";
import type { AgentSpec } from "../spec/agent-spec.ts";
import type { AgentsConfig } from "../spec/agents-config.ts";
import { defineExecutor } from "./executor/define-executor.ts";
import { defineFileAgent } from "./file/define-file-agent.ts";

/**
 * Every agent that is configured: those that come with this package, each with a line here, and the user's own.
 *
 * @throws {AgentSpecError} one contradicts itself.
 */
export function agentsFromConfig({ executor, file, types }: AgentsConfig): readonly AgentSpec[] {
  return [
    ...(executor.isEnabled ? [defineExecutor(executor)] : []),
    ...(file.isEnabled ? [defineFileAgent(file)] : []),
    ...types.map(agentFromConfig),
  ];
}
