import type { JsonValue } from "op-core";

/** A task that somebody wants done. */
export interface TaskRequest {
  /** The type of agent. */
  readonly type: string;
  readonly operation: string;
  readonly input: JsonValue;
  /** Whom the task is for: the queue is shared fairly between principals. */
  readonly principal?: string;
  /** Of the tasks of one principal, those with a smaller number go first. Default: 100. */
  readonly priority?: number;
  /** How long the task may take, waiting included. Default: what the agent's limits say. */
  readonly deadlineMs?: number;
  /** Whoever submits the same task with the same key again gets the task that is already there. */
  readonly idempotencyKey?: string;
  /** What it belongs to together with other tasks. */
  readonly project?: string;
  readonly onProgress?: (data: JsonValue) => void;
}

/** How a task ended. Each task has exactly one outcome. */
export type TaskOutcome =
  | { readonly kind: "done"; readonly output: JsonValue }
  | { readonly kind: "failed"; readonly error: Error }
  | { readonly kind: "cancelled"; readonly error: Error };

/** Where a task is. */
export type TaskStatus = "queued" | "running" | TaskOutcome["kind"];

/** A task, now. */
export interface TaskView {
  /** A UUID. */
  readonly id: string;
  readonly type: string;
  readonly operation: string;
  readonly principal: string;
  readonly priority: number;
  readonly project?: string;
  readonly status: TaskStatus;
  readonly submittedAtMs: number;
  readonly startedAtMs?: number;
  readonly endedAtMs?: number;
  /** How often an agent was given it. */
  readonly attempts: number;
  /** Who works on it, or did last. */
  readonly agent?: string;
  /** What it reported last. */
  readonly progress?: JsonValue;
  readonly outcome?: TaskOutcome;
}

/** A task that was submitted. */
export interface Task {
  readonly id: string;
  /** Where it is now. */
  readonly view: TaskView;
  /** Never rejects. */
  readonly outcome: Promise<TaskOutcome>;
  /** Ends it as cancelled, unless it has ended; its agent is told. */
  cancel(reason: string): void;
}

/** Which tasks to show; what is left out does not matter. */
export interface TaskFilter {
  readonly type?: string;
  readonly principal?: string;
  readonly status?: TaskStatus;
  readonly project?: string;
  /** How many, the newest first. Default: 100. */
  readonly limit?: number;
}
