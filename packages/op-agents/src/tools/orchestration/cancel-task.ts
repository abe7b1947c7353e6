import { defineTool } from "op-tools/define";
import type { Tool } from "op-tools";
import * as z from "zod";
import type { AgentToolParts } from "../agent-tool-parts.ts";
import { ownTask } from "./own-task.ts";
import { TaskShape, toTaskSummary } from "./task-shape.ts";
import { toolHeader } from "./tool-header.ts";

/** Makes the tool that cancels a task of whoever asks. */
export function createCancelTask(parts: AgentToolParts): Tool {
  return defineTool({
    ...toolHeader(parts, "cancel_task", "Cancel task"),
    description: "Cancels a task of yours, unless it has ended; its agent stops working on it.",
    input: z.strictObject({
      taskId: z.string().meta({ description: "The task." }),
      reason: z.string().max(200).default("it was cancelled by hand").meta({
        description: "Why, for the record.",
      }),
    }),
    output: TaskShape,
    risk: "write",
    annotations: { idempotentHint: true, openWorldHint: false },
    call: ({ taskId, reason }, context) => {
      const task = ownTask(taskId, parts, context);
      task.cancel(reason);
      return Promise.resolve(toTaskSummary(task.view));
    },
  });
}
