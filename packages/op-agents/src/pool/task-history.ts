import { isDeepStrictEqual } from "node:util";
import { TaskConflictError } from "../agent-error.ts";
import type { TaskFilter, TaskRequest, TaskView } from "./task.ts";
import type { TaskRecord } from "./task-record.ts";

/** The tasks that are open, and the last ones that ended. */
export interface TaskHistory {
  add(record: TaskRecord): void;
  /** It ended: from now on it may be forgotten. */
  close(record: TaskRecord): void;
  find(id: string): TaskRecord | undefined;
  /**
   * The task that was submitted with the same key before.
   *
   * @throws {TaskConflictError} that was a different task.
   */
  findSame(request: TaskRequest): TaskRecord | undefined;
  list(filter: TaskFilter): readonly TaskView[];
}

/** Makes a history that remembers so many tasks which have ended. */
export function createTaskHistory(maxEnded: number): TaskHistory {
  const records = new Map<string, TaskRecord>();
  const byKey = new Map<string, TaskRecord>();
  const ended = new Set<TaskRecord>();

  const forgetOldest = () => {
    const [oldest] = ended;
    if (oldest === undefined || ended.size <= maxEnded) return;
    ended.delete(oldest);
    records.delete(oldest.id);
    const key = keyOf(oldest.request);
    if (key !== undefined) byKey.delete(key);
  };
  return {
    add: (record) => {
      records.set(record.id, record);
      const key = keyOf(record.request);
      if (key !== undefined) byKey.set(key, record);
    },
    close: (record) => {
      ended.add(record);
      forgetOldest();
    },
    find: (id) => records.get(id),
    findSame: (request) => {
      const key = keyOf(request);
      const record = key === undefined ? undefined : byKey.get(key);
      if (record === undefined || key === undefined) return undefined;
      const { type, operation, input } = record.request;
      const isSame =
        type === request.type &&
        operation === request.operation &&
        isDeepStrictEqual(input, request.input);
      if (isSame) return record;
      throw new TaskConflictError(request.idempotencyKey ?? key, record.id);
    },
    list: ({ limit = 100, ...filter }) =>
      [...records.values()]
        .toReversed()
        .map(({ view }) => view)
        .filter((view) => fits(view, filter))
        .slice(0, limit),
  };
}

function fits(view: TaskView, wanted: Omit<TaskFilter, "limit">): boolean {
  const keys = ["type", "principal", "status", "project"] as const;
  return keys.every((key) => wanted[key] === undefined || view[key] === wanted[key]);
}

/** Keys of different principals have nothing to do with each other. */
function keyOf({ principal = "", idempotencyKey }: TaskRequest): string | undefined {
  return idempotencyKey === undefined ? undefined : JSON.stringify([principal, idempotencyKey]);
}
