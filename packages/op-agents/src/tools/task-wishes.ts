import type { ToolContext } from "op-tools";
import type { Task, TaskRequest } from "../pool/task.ts";

/** What somebody wants of a task besides its input, and who waits for it to be submitted. */
export interface TaskWish {
  readonly how: Pick<TaskRequest, "priority" | "deadlineMs" | "idempotencyKey" | "project">;
  readonly onSubmitted: (task: Task) => void;
}

/** Carries wishes from `distribute_task` to the tool that submits the task, past everything that lies between. */
export interface TaskWishes {
  /** Puts a wish to a call that is about to be made. */
  attach(context: ToolContext, wish: TaskWish): void;
  of(context: ToolContext): TaskWish | undefined;
}

/** Makes it. A wish goes with the object that is the call's `meta`, which stays the same all the way. */
export function createTaskWishes(): TaskWishes {
  const wishes = new WeakMap<object, TaskWish>();
  return {
    attach: ({ meta }, wish) => wishes.set(meta, wish),
    of: ({ meta }) => wishes.get(meta),
  };
}
