import { isOpError } from "op-core";
import * as z from "zod";
import type { TaskOutcome, TaskView } from "../../pool/task.ts";

/** A task as tools show it. */
export const TaskShape = z.object({
  taskId: z.string(),
  type: z.string(),
  operation: z.string(),
  project: z.string().optional(),
  status: z.enum(["queued", "running", "done", "failed", "cancelled"]),
  priority: z.int(),
  submittedAt: z.string(),
  startedAt: z.string().optional(),
  endedAt: z.string().optional(),
  attempts: z.int(),
  agent: z.string().optional(),
  progress: z.json().optional().meta({ description: "What it reported last." }),
  output: z.json().optional(),
  error: z.object({ code: z.string(), message: z.string() }).optional(),
});

/** A task as tools show it. */
export type TaskShape = z.output<typeof TaskShape>;

/** Shows a task, without what it has answered. */
export function toTaskSummary(view: TaskView): TaskShape {
  const { id, type, operation, status, priority, attempts, outcome } = view;
  return {
    taskId: id,
    type,
    operation,
    status,
    priority,
    attempts,
    submittedAt: toIso(view.submittedAtMs),
    ...(view.project === undefined ? {} : { project: view.project }),
    ...(view.startedAtMs === undefined ? {} : { startedAt: toIso(view.startedAtMs) }),
    ...(view.endedAtMs === undefined ? {} : { endedAt: toIso(view.endedAtMs) }),
    ...(view.agent === undefined ? {} : { agent: view.agent }),
    ...(outcome === undefined || outcome.kind === "done" ? {} : { error: toFailure(outcome) }),
  };
}

/** Shows a task and all that came of it. */
export function toTaskShape(view: TaskView): TaskShape {
  const { progress, outcome } = view;
  return {
    ...toTaskSummary(view),
    ...(progress === undefined ? {} : { progress: z.json().parse(progress) }),
    ...(outcome?.kind === "done" ? { output: z.json().parse(outcome.output) } : {}),
  };
}

function toFailure({ error }: Exclude<TaskOutcome, { readonly kind: "done" }>) {
  return { code: isOpError(error) ? error.code : "ERR_INTERNAL", message: error.message };
}

function toIso(atMs: number): string {
  return new Date(atMs).toISOString();
}
