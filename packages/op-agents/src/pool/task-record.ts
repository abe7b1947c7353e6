import { randomUUID } from "node:crypto";
import type { Clock, Timer } from "op-core";
import { TaskCancelledError } from "../agent-error.ts";
import type { OperationSpec } from "../spec/agent-spec.ts";
import type { Task, TaskOutcome, TaskRequest, TaskView } from "./task.ts";

/** A task with what the pool has to know of it. */
export interface TaskRecord extends Task {
  readonly request: TaskRequest;
  readonly spec: OperationSpec;
  readonly principal: string;
  readonly priority: number;
  /** Aborts when the task has ended otherwise than by its agent. */
  readonly signal: AbortSignal;
  readonly isOver: boolean;
  readonly attempts: number;
  /** An agent was given it. */
  begin(agent: string): void;
  /** It waits again. */
  requeue(): void;
  /** Ends it; only the first time counts. */
  settle(outcome: TaskOutcome): void;
}

/** What a record takes. */
export interface TaskRecordOptions {
  readonly request: TaskRequest;
  readonly spec: OperationSpec;
  readonly clock: Clock;
  readonly onSettled: (record: TaskRecord) => void;
}

/** Makes the record of a task that was submitted just now. */
export function createTaskRecord({
  request,
  spec,
  clock,
  onSettled,
}: TaskRecordOptions): TaskRecord {
  const { principal = "", priority = 100 } = request;
  const settled = Promise.withResolvers<TaskOutcome>();
  const stop = new AbortController();
  const id = randomUUID();
  let view: TaskView = { id, ...describeRequest(request), submittedAtMs: clock.now() };
  const onProgress: TaskRequest["onProgress"] = (data) => {
    if (view.outcome !== undefined) return;
    view = { ...view, progress: data };
    request.onProgress?.(data);
  };
  const record: TaskRecord = {
    id,
    spec,
    principal,
    priority,
    request: { ...request, onProgress },
    signal: stop.signal,
    outcome: settled.promise,
    get view() {
      return view;
    },
    get isOver() {
      return view.outcome !== undefined;
    },
    get attempts() {
      return view.attempts;
    },
    begin: (agent) => {
      const startedAtMs = clock.now();
      view = { ...view, status: "running", agent, startedAtMs, attempts: view.attempts + 1 };
    },
    requeue: () => {
      view = { ...view, status: "queued" };
    },
    cancel: (reason) =>
      record.settle({ kind: "cancelled", error: new TaskCancelledError(id, reason) }),
    settle: (outcome) => {
      if (view.outcome !== undefined) return;
      view = { ...view, status: outcome.kind, outcome, endedAtMs: clock.now() };
      settled.resolve(outcome);
      onSettled(record);
      if (outcome.kind !== "done") stop.abort(outcome.error);
    },
  };
  return record;
}

/** What a task that was just submitted shows of what was asked for. */
function describeRequest(request: TaskRequest): Omit<TaskView, "id" | "submittedAtMs"> {
  const { principal = "", priority = 100, type, operation, project } = request;
  const who = { type, operation, principal, priority };
  const named = project === undefined ? {} : { project };
  return { ...who, ...named, status: "queued", attempts: 0 };
}

/** Calls back when a task takes too long, unless it ends before. */
export function limitTask(record: TaskRecord, timer: Timer): void {
  void record.outcome.then(() => timer[Symbol.dispose]());
}
