import { formatError, type Clock } from "op-core";
import { idOf } from "../document/desired-state.ts";
import { pluginNamed } from "../plan/make-plan.ts";
import type { StatePlugin } from "../plugin/state-plugin.ts";
import { StateRunError, StateUndoError } from "../state-error.ts";
import type {
  DeclaredUpdate,
  RecordEnd,
  RecordStep,
  StateStore,
  StepTask,
} from "../store/state-store.ts";
import type { RunProgress } from "./state-engine.ts";

/** A run that is written down and whose plugins are locked. */
export interface Run {
  readonly id: number;
  readonly store: StateStore;
  readonly plugins: readonly StatePlugin[];
  readonly clock: Clock;
  readonly isRecovered: boolean;
}

/** How a run goes forward. */
export interface ExecuteOptions {
  readonly signal: AbortSignal;
  readonly onFailure: "stop" | "undo";
  readonly onProgress?: ((progress: RunProgress) => void) | undefined;
}

/** Undoing must reach its end also when whoever asked for the run has gone. */
const unstoppable = new AbortController().signal;

/**
 * Makes a run's steps in order, each written down before and after. When one fails or the signal aborts between two, goes
 * back as configured and rejects.
 */
export async function executeRun(run: Run, options: ExecuteOptions): Promise<void> {
  const steps = await run.store.steps(run.id);
  for (const [index, step] of steps.entries()) {
    try {
      options.signal.throwIfAborted();
      await makeStep(run, { step, index, total: steps.length }, options);
    } catch (error) {
      await giveUp(run, options.onFailure, error);
      options.signal.throwIfAborted();
      const outcome = options.onFailure === "undo" ? "undone" : "stopped";
      throw new StateRunError({ run: run.id, resource: idOf(step), outcome, cause: error });
    }
  }
  await endRun(run, { status: "completed", error: null, declared: steps.map(toDeclared) });
}

/** Brings back everything a run has begun, the last step first. May be called again after it was interrupted. */
export async function undoRun(run: Run, error: string): Promise<void> {
  await run.store.markUndoing(run.id, error);
  await undoSteps(run, (step) => step.status === "started" || step.status === "done");
  await endRun(run, { status: "undone", error, declared: [] });
}

interface StepPlace {
  readonly step: RecordStep;
  readonly index: number;
  readonly total: number;
}

async function makeStep(run: Run, place: StepPlace, options: ExecuteOptions): Promise<void> {
  const { step, index, total } = place;
  if (step.status === "done" || step.task.kind === "keep") return;
  const plugin = pluginNamed(run.plugins, step.plugin);
  const report = (done: number, message?: string) =>
    options.onProgress?.({
      run: run.id,
      resource: idOf(step),
      done,
      total,
      ...(message === undefined ? {} : { message }),
    });
  report(index);
  await run.store.markStep(run.id, index, "started");
  await doTask(plugin, step.key, step.task, {
    signal: options.signal,
    progress: (message) => report(index, message),
  });
  await run.store.markStep(run.id, index, "done");
  report(index + 1);
}

interface TaskOptions {
  readonly signal: AbortSignal;
  readonly progress: (message: string) => void;
}

async function doTask(
  plugin: StatePlugin,
  key: string,
  task: StepTask,
  options: TaskOptions,
): Promise<void> {
  if (task.kind === "reach") await plugin.apply(task.change, options);
  if (task.kind === "restore") await plugin.rollback(key, task.saved, options);
}

async function giveUp(run: Run, onFailure: "stop" | "undo", error: unknown): Promise<void> {
  const message = formatError(error);
  if (onFailure === "undo") {
    await undoRun(run, message);
    return;
  }
  await stopRun(run, message);
}

/** Ends a run where it is: what is done stays, and the step that was half done is brought back. */
async function stopRun(run: Run, error: string): Promise<void> {
  await undoSteps(run, (step) => step.status === "started");
  const steps = await run.store.steps(run.id);
  const declared = steps.filter(({ status }) => status === "done").map(toDeclared);
  await endRun(run, { status: "stopped", error, declared });
}

async function undoSteps(run: Run, isToUndo: (step: RecordStep) => boolean): Promise<void> {
  const steps = await run.store.steps(run.id);
  for (const [index, step] of [...steps.entries()].toReversed()) {
    if (!isToUndo(step)) continue;
    try {
      const plugin = pluginNamed(run.plugins, step.plugin);
      await plugin.rollback(step.key, step.saved, { signal: unstoppable });
      await run.store.markStep(run.id, index, "undone");
    } catch (error) {
      throw new StateUndoError(run.id, idOf(step), error);
    }
  }
}

async function endRun(run: Run, end: Omit<RecordEnd, "endedMs" | "isRecovered">): Promise<void> {
  const { id, store, clock, isRecovered } = run;
  await store.end(id, { ...end, endedMs: clock.now(), isRecovered });
}

function toDeclared({ plugin, key, task, declared }: RecordStep): DeclaredUpdate {
  if (task.kind === "reach") return { plugin, key, declared: { desired: task.change.desired } };
  if (task.kind === "restore") return { plugin, key, declared: task.declared };
  return { plugin, key, declared };
}
