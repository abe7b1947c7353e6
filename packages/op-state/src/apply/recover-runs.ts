import { formatError, isErrorOf, type Clock } from "op-core";
import type { StatePlugin } from "../plugin/state-plugin.ts";
import { StateLockedError, StateNotFoundError } from "../state-error.ts";
import type { StateRecord, StateStore } from "../store/state-store.ts";
import { acquireLocks } from "./acquire-locks.ts";
import { executeRun, undoRun, type Run } from "./execute-run.ts";
import type { RecoveredRun, Recovery } from "./state-engine.ts";

/** What recovering takes. */
export interface RecoverOptions {
  readonly how: Recovery;
  readonly store: StateStore;
  readonly plugins: readonly StatePlugin[];
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/**
 * Brings half-done runs to an end, the newest first. Runs whose plugins are locked belong to somebody who lives: they are
 * left alone. A run that had begun to go back goes on going back.
 */
export async function recoverRuns(options: RecoverOptions): Promise<readonly RecoveredRun[]> {
  const { store } = options;
  const found = await store.records({ isUnfinished: true });
  const recovered: RecoveredRun[] = [];
  for (const record of found) {
    options.signal.throwIfAborted();
    const run = await recoverIfDead(record, options);
    if (run !== undefined) recovered.push(run);
  }
  return recovered;
}

async function recoverIfDead(
  found: StateRecord,
  options: RecoverOptions,
): Promise<RecoveredRun | undefined> {
  const { store, clock, signal } = options;
  const steps = await store.steps(found.id);
  const plugins = steps.map(({ plugin }) => plugin);
  try {
    await using _locks = await acquireLocks(plugins, { store, clock, timeoutMs: 0, signal });
    const record = await readRecord(store, found.id);
    if (record.status !== "running" && record.status !== "undoing") return undefined;
    return await recoverLocked(record, options);
  } catch (error) {
    signal.throwIfAborted();
    if (isErrorOf(error, StateLockedError)) return undefined;
    const record = await readRecord(store, found.id);
    const outcome = record.status === "undone" ? "undone" : "unfinished";
    return { record, outcome, error: formatError(error) };
  }
}

async function recoverLocked(record: StateRecord, options: RecoverOptions): Promise<RecoveredRun> {
  const { store, plugins, clock, signal, how } = options;
  const run: Run = { id: record.id, store, plugins, clock, isRecovered: true };
  const isForward = how === "finish" && record.status === "running";
  if (isForward) await executeRun(run, { signal, onFailure: "undo" });
  else await undoRun(run, record.error ?? "interrupted");
  return {
    record: await readRecord(store, record.id),
    outcome: isForward ? "finished" : "undone",
  };
}

/** Reads a record that has to be there. */
export async function readRecord(store: StateStore, id: number): Promise<StateRecord> {
  const record = await store.record(id);
  if (record === undefined) throw new StateNotFoundError(id);
  return record;
}
