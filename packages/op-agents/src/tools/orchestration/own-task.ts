import type { ToolContext } from "op-tools";
import { TaskNotFoundError } from "../../agent-error.ts";
import type { Task } from "../../pool/task.ts";
import type { AgentToolParts } from "../agent-tool-parts.ts";

/** A task of whoever asks; the tasks of others do not exist for them. */
export function ownTask(id: string, { pool }: AgentToolParts, { principal }: ToolContext): Task {
  const task = pool.opened?.find(id);
  if (task?.view.principal !== principal.id) throw new TaskNotFoundError(id);
  return task;
}
