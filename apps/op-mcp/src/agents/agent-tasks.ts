import type { SubmittedTask } from "op-agents/tools";
import type { ToolContext } from "op-tools";

/** Who did what a call asked for, where that was an agent. */
export interface Worker {
  readonly agent?: string;
  readonly backend?: string;
}

/** Remembers which task a call has become, from the moment it is submitted until its entry is written. */
export interface AgentTasks {
  note(context: ToolContext, submitted: SubmittedTask): void;
  /** Who works on it or did; what was noted is forgotten. */
  take(context: ToolContext): Worker;
}

/** Makes the memory. */
export function createAgentTasks(): AgentTasks {
  const tasks = new Map<string, SubmittedTask>();
  return {
    note: (context, submitted) => void tasks.set(keyOf(context), submitted),
    take: (context) => {
      if (tasks.size === 0) return {};
      const submitted = tasks.get(keyOf(context));
      tasks.delete(keyOf(context));
      if (submitted === undefined) return {};
      const { agent } = submitted.task.view;
      return { backend: submitted.place.kind, ...(agent === undefined ? {} : { agent }) };
    },
  };
}

/** A call that another tool passed on has the same id, and is told apart by that tool. */
function keyOf({ requestId, via = "" }: ToolContext): string {
  return `${requestId}\n${via}`;
}
