import type { Tool } from "op-tools";
import type { AgentToolParts } from "../agent-tool-parts.ts";
import { createAgentStatus } from "./agent-status.ts";
import { createCancelTask } from "./cancel-task.ts";
import { createDistributeTask } from "./distribute-task.ts";
import { createGetProjectStatus } from "./get-project-status.ts";
import { createListAgents } from "./list-agents.ts";
import { createScaleAgents } from "./scale-agents.ts";
import { createTaskStatus } from "./task-status.ts";

/** The tools that look after agents and their tasks. */
export function createOrchestrationTools(parts: AgentToolParts): readonly Tool[] {
  return [
    createListAgents(parts),
    createAgentStatus(parts),
    createDistributeTask(parts),
    createTaskStatus(parts),
    createCancelTask(parts),
    createScaleAgents(parts),
    createGetProjectStatus(parts),
  ];
}
