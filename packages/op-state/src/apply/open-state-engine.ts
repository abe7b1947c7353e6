import { formatError, silentLogger, systemClock, type Clock, type Logger } from "op-core";
import { idOf, type DesiredState } from "../document/desired-state.ts";
import { checkDesiredState } from "../document/parse-desired-state.ts";
import { changedSince, hashPlan, makePlan } from "../plan/make-plan.ts";
import type { StatePlan } from "../plan/state-plan.ts";
import type { StatePlugin } from "../plugin/state-plugin.ts";
import {
  StateClosedError,
  StatePlanAlteredError,
  StatePlanStaleError,
  StatePluginError,
  StateUnfinishedError,
} from "../state-error.ts";
import type { RecordQuery, RecordStart, StateRecord, StateStore } from "../store/state-store.ts";
import { acquireLocks } from "./acquire-locks.ts";
import { executeRun } from "./execute-run.ts";
import { findDeviations } from "./find-drift.ts";
import { previewRollback } from "./preview-rollback.ts";
import { readRecord, recoverRuns } from "./recover-runs.ts";
import { saveResources, type ResourceTask } from "./save-resources.ts";
import type {
  CheckpointOptions,
  EngineOptions,
  RecoveredRun,
  Recovery,
  RunOptions,
  StateEngine,
} from "./state-engine.ts";
import { watchDrift } from "./watch-drift.ts";

/** What an engine is made of. */
export interface OpenStateEngineOptions extends EngineOptions {
  readonly plugins: readonly StatePlugin[];
  /** Stays the caller's, who closes it after the engine. */
  readonly store: StateStore;
  /** What becomes of runs that were interrupted; `"undo"` unless told. */
  readonly recovery?: Recovery;
  /** Which runs and checkpoints are forgotten; none unless told. */
  readonly retention?: Retention;
  /** What is saved with every run although nothing changes it, and goes back with the run: subvolumes. */
  readonly alongside?: readonly ResourceName[];
  /** How long a run waits for others that use the same plugins; 10 s unless told. */
  readonly lockTimeoutMs?: number;
  readonly clock?: Clock;
  readonly logger?: Logger;
}

/** How long runs and checkpoints are kept: there is no way back to those that are forgotten. */
export interface Retention {
  readonly maxRecords: number;
  readonly maxAgeMs: number;
}

/**
 * Opens an engine, and brings to an end what was half done when the last one ended. Rejects with `ERR_STATE_PLUGIN` when
 * two plugins have the same name.
 */
export async function openStateEngine(options: OpenStateEngineOptions): Promise<StateEngine> {
  const { recovery = "undo", signal, logger = silentLogger } = options;
  checkPlugins(options.plugins);
  const engine = new LocalEngine(options);
  const recovered = await engine.recover(recovery, signal === undefined ? {} : { signal });
  for (const { record, outcome } of recovered) {
    logger.warn("An interrupted run was found", { run: record.id, outcome });
  }
  engine.recovered = recovered;
  return engine;
}

/** Names of plugins become names of locks, and tell resources apart. */
function checkPlugins(plugins: readonly StatePlugin[]): void {
  const names = new Set<string>();
  for (const { name } of plugins) {
    if (!/^[a-z][a-z0-9-]*$/u.test(name)) {
      throw new StatePluginError(name, "be used", "its name is not of small letters and digits");
    }
    if (names.has(name)) throw new StatePluginError(name, "be used", "another has its name");
    names.add(name);
  }
}

interface ResourceName {
  readonly plugin: string;
  readonly key: string;
}

interface RunDraft {
  readonly start: Pick<RecordStart, "kind" | "planHash" | "target">;
  readonly tasks: (signal: AbortSignal) => Promise<readonly ResourceTask[]>;
  /** The plugins that take part. */
  readonly names: readonly string[];
}

class LocalEngine implements StateEngine {
  readonly plugins: readonly StatePlugin[];
  recovered: readonly RecoveredRun[] = [];
  readonly #store: StateStore;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #lockTimeoutMs: number;
  readonly #alongside: readonly ResourceName[];
  readonly #retention: Retention | undefined;
  readonly #closing = new AbortController();
  readonly #inFlight = new Set<Promise<unknown>>();

  constructor(options: OpenStateEngineOptions) {
    this.plugins = options.plugins;
    this.#store = options.store;
    this.#clock = options.clock ?? systemClock;
    this.#logger = options.logger ?? silentLogger;
    this.#alongside = options.alongside ?? [];
    this.#lockTimeoutMs = options.lockTimeoutMs ?? 10_000;
    this.#retention = options.retention;
  }

  plan(desired: DesiredState, options: EngineOptions = {}): Promise<StatePlan> {
    return this.#track(options, (signal) => makePlan(desired, { plugins: this.plugins, signal }));
  }

  async apply(plan: StatePlan, options: RunOptions): Promise<StateRecord> {
    const { hash, ...content } = plan;
    if (hashPlan(content) !== hash) throw new StatePlanAlteredError(hash);
    return this.#run(options, {
      start: { kind: "apply", planHash: hash, target: null },
      names: plan.desired.map(({ plugin }) => plugin),
      tasks: async (signal) => {
        const now = await makePlan(plan.desired, { plugins: this.plugins, signal });
        if (now.hash !== hash) throw new StatePlanStaleError(changedSince(plan, now));
        return tasksOf(plan);
      },
    });
  }

  verify(desired: DesiredState, options: EngineOptions = {}) {
    return this.#track(options, async (signal) => {
      checkDesiredState(desired, this.plugins);
      return findDeviations(desired, { plugins: this.plugins, signal });
    });
  }

  drift(options: EngineOptions = {}) {
    return this.#track(options, async (signal) =>
      findDeviations(await this.declared(), { plugins: this.plugins, signal }),
    );
  }

  async *watch(options: { readonly signal: AbortSignal }) {
    const signal = AbortSignal.any([options.signal, this.#closing.signal]);
    const [plugins, logger] = [this.plugins, this.#logger];
    yield* watchDrift(await this.declared(), { plugins, signal, logger });
  }

  checkpoint(options: CheckpointOptions): Promise<StateRecord> {
    return this.#track(options, async (signal) => {
      const resources = options.resources ?? (await this.declared());
      await using _locks = await this.#lock(
        resources.map(({ plugin }) => plugin),
        signal,
      );
      const steps = await saveResources(resources.map(toKept), this.#parts(signal));
      const start = { kind: "checkpoint", planHash: null, target: null } as const;
      const id = await this.#store.begin(this.#started(start, options, "completed"), steps);
      const record = await readRecord(this.#store, id);
      await this.#prune();
      return record;
    });
  }

  previewRollback(id: number, options: EngineOptions = {}) {
    return this.#track(options, (signal) => previewRollback(id, this.#parts(signal)));
  }

  async rollback(id: number, options: RunOptions): Promise<StateRecord> {
    await readRecord(this.#store, id);
    const names = (await this.#store.earliestSince(id)).map(({ plugin }) => plugin);
    return this.#run(options, {
      start: { kind: "rollback", planHash: null, target: id },
      names,
      tasks: async () => {
        const steps = await this.#store.earliestSince(id);
        const unlocked = steps.filter(({ plugin }) => !names.includes(plugin));
        if (unlocked.length > 0) throw new StatePlanStaleError(unlocked.map(idOf));
        return steps.toReversed().map(({ plugin, key, saved, declared }) => {
          return { plugin, key, task: { kind: "restore", saved, declared } as const };
        });
      },
    });
  }

  history(query: RecordQuery = {}) {
    return this.#store.records(query);
  }

  record(id: number) {
    return readRecord(this.#store, id);
  }

  async steps(id: number) {
    await readRecord(this.#store, id);
    return this.#store.steps(id);
  }

  async declared(): Promise<DesiredState> {
    const entries = await this.#store.declared();
    return entries.map((entry) => ({ ...entry, requires: [] }));
  }

  recover(how: Recovery, options: EngineOptions = {}): Promise<readonly RecoveredRun[]> {
    return this.#track(options, (signal) =>
      recoverRuns({ ...this.#parts(signal), clock: this.#clock, how }),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#closing.signal.aborted) this.#closing.abort(new StateClosedError());
    await Promise.allSettled(this.#inFlight);
  }

  /** Locks, looks, saves, writes down, and only then changes. */
  #run(options: RunOptions, draft: RunDraft): Promise<StateRecord> {
    return this.#track(options, async (signal) => {
      const names = [...draft.names, ...this.#alongside.map(({ plugin }) => plugin)];
      await using _locks = await this.#lock(names, signal);
      const tasks = await draft.tasks(signal);
      const known = new Set(tasks.map(idOf));
      const kept = this.#alongside.filter((resource) => !known.has(idOf(resource))).map(toKept);
      const steps = await saveResources([...tasks, ...kept], this.#parts(signal));
      signal.throwIfAborted();
      const id = await this.#store.begin(this.#started(draft.start, options, "running"), steps);
      const { onFailure = "undo", onProgress } = options;
      const run = { ...this.#parts(signal), id, clock: this.#clock, isRecovered: false };
      await executeRun(run, { signal, onFailure, onProgress });
      const record = await readRecord(this.#store, id);
      await this.#prune();
      return record;
    });
  }

  #started(
    start: RunDraft["start"],
    { who, why }: { readonly who: string; readonly why: string },
    status: RecordStart["status"],
  ): RecordStart {
    return { ...start, who, why, status, atMs: this.#clock.now() };
  }

  async #lock(names: readonly string[], signal: AbortSignal): Promise<AsyncDisposable> {
    const [store, clock] = [this.#store, this.#clock];
    await using stack = new AsyncDisposableStack();
    stack.use(await acquireLocks(names, { store, clock, timeoutMs: this.#lockTimeoutMs, signal }));
    for (const { id } of await store.records({ isUnfinished: true })) {
      const steps = await store.steps(id);
      // Whoever holds the locks knows that the run's own process is gone.
      if (steps.some(({ plugin }) => names.includes(plugin))) throw new StateUnfinishedError(id);
    }
    return stack.move();
  }

  /** What was done is done, whether or not something old can be forgotten. */
  async #prune(): Promise<void> {
    if (this.#retention === undefined) return;
    const { maxRecords, maxAgeMs } = this.#retention;
    try {
      await this.#store.prune({ keep: maxRecords, sinceMs: this.#clock.now() - maxAgeMs });
    } catch (error) {
      this.#logger.warn("Old runs were not forgotten", { error: formatError(error) });
    }
  }

  #parts(signal: AbortSignal) {
    return { plugins: this.plugins, store: this.#store, signal };
  }

  async #track<T>(
    { signal }: EngineOptions,
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const closing = this.#closing.signal;
    closing.throwIfAborted();
    const promise = work(signal === undefined ? closing : AbortSignal.any([signal, closing]));
    this.#inFlight.add(promise);
    try {
      return await promise;
    } finally {
      this.#inFlight.delete(promise);
    }
  }
}

function toKept({ plugin, key }: ResourceName): ResourceTask {
  return { plugin, key, task: { kind: "keep" } };
}

function tasksOf(plan: StatePlan): readonly ResourceTask[] {
  return plan.changes.map((change) => ({
    plugin: change.plugin,
    key: change.key,
    task: { kind: "reach", change } as const,
  }));
}
