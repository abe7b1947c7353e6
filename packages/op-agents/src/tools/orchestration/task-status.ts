import { defineTool } from "op-tools/define";
import type { Tool } from "op-tools";
import * as z from "zod";
import type { AgentToolParts } from "../agent-tool-parts.ts";
import { ownTask } from "./own-task.ts";
import { TaskShape, toTaskShape, toTaskSummary } from "./task-shape.ts";
import { toolHeader } from "./tool-header.ts";

/** Makes the tool that shows one task with its outcome, or the tasks of whoever asks. */
export function createTaskStatus(parts: AgentToolParts): Tool {
  return defineTool({
    ...toolHeader(parts, "task_status", "Task status"),
    description:
      "Shows a task with its progress and outcome; without a task, your tasks, the newest first.",
    input: z.strictObject({
      taskId: z.string().optional().meta({ description: "The task; leave it out to list tasks." }),
      type: z.string().optional().meta({ description: "Only tasks for this type of agent." }),
      status: TaskShape.shape.status.optional().meta({ description: "Only tasks that stand so." }),
      project: z.string().optional().meta({ description: "Only tasks of this project." }),
      limit: z.int().min(1).max(1000).default(50).meta({ description: "How many at most." }),
    }),
    output: z.object({ tasks: z.array(TaskShape) }),
    risk: "read",
    call: ({ taskId, ...filter }, context) => {
      if (taskId !== undefined) {
        return Promise.resolve({ tasks: [toTaskShape(ownTask(taskId, parts, context).view)] });
      }
      const { type, status, project, limit } = filter;
      const tasks = parts.pool.opened?.list({
        limit,
        principal: context.principal.id,
        ...(type === undefined ? {} : { type }),
        ...(status === undefined ? {} : { status }),
        ...(project === undefined ? {} : { project }),
      });
      return Promise.resolve({ tasks: (tasks ?? []).map(toTaskSummary) });
    },
  });
}
