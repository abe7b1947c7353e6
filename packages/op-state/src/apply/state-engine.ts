import type { DesiredState } from "../document/desired-state.ts";
import type { PlannedChange, StatePlan } from "../plan/state-plan.ts";
import type { Problem, StatePlugin } from "../plugin/state-plugin.ts";
import type { RecordQuery, RecordStep, StateRecord } from "../store/state-store.ts";

/** What everything that may take long takes. */
export interface EngineOptions {
  readonly signal?: AbortSignal;
}

/** Who changes something, and why: it is kept in the history. */
export interface Authorship {
  readonly who: string;
  readonly why: string;
}

/** What becomes of an interrupted run when it is recovered. */
export type Recovery = "finish" | "undo";

/** What is told while a run goes on. */
export interface RunProgress {
  readonly run: number;
  /** `plugin:key`. */
  readonly resource: string;
  readonly done: number;
  readonly total: number;
  /** What a plugin says about its step, in a few words. */
  readonly message?: string;
}

/** How a run is made. */
export interface RunOptions extends EngineOptions, Authorship {
  /** What becomes of what was done when a step fails or the signal aborts; `"undo"` unless told. */
  readonly onFailure?: "stop" | "undo";
  readonly onProgress?: (progress: RunProgress) => void;
}

/** How a checkpoint is made. */
export interface CheckpointOptions extends EngineOptions, Authorship {
  /** What to save; everything that is declared unless told. */
  readonly resources?: readonly { readonly plugin: string; readonly key: string }[];
}

/** What a rollback would bring back. */
export interface RollbackPreview {
  /** The checkpoint or run that it goes back to. */
  readonly target: StateRecord;
  /** In the order in which they are made; `desired` is null, because they are no declaration. */
  readonly changes: readonly PlannedChange[];
}

/** What is not as desired. */
export interface Deviation {
  /** `plugin:key`. */
  readonly resource: string;
  /** What would bring it back; missing where only the plugin's `verify` sees that something is wrong. */
  readonly change?: PlannedChange;
  readonly problem?: Problem;
}

/** What a watch tells of a resource. */
export interface DriftNews {
  /** `plugin:key`. */
  readonly resource: string;
  /** What is not as declared; nothing when it is as declared again. */
  readonly deviations: readonly Deviation[];
}

/** A run that was found half done. */
export interface RecoveredRun {
  readonly record: StateRecord;
  /** How it ended; `"unfinished"` when it could not be brought to an end yet. */
  readonly outcome: "finished" | "undone" | "unfinished";
  /** Why it is unfinished, or was undone although it should have been finished. */
  readonly error?: string;
}

/** Shows, changes, checks and brings back declared state. Closing it gives up runs that go on, as they are configured. */
export interface StateEngine extends AsyncDisposable {
  readonly plugins: readonly StatePlugin[];
  /** What was half done when the engine opened, and what became of it. */
  readonly recovered: readonly RecoveredRun[];
  /**
   * Says what would change; changes nothing. Rejects with `ERR_STATE_INPUT`, `ERR_STATE_CYCLE`, and with
   * `ERR_STATE_REFUSED` when a change is known to fail.
   */
  plan(desired: DesiredState, options?: EngineOptions): Promise<StatePlan>;
  /**
   * Makes a plan's changes and returns the run's record. Rejects before anything changes with `ERR_STATE_PLAN_STALE`
   * when the system is no longer as it was planned for, `ERR_STATE_PLAN_ALTERED`, `ERR_STATE_LOCKED` or
   * `ERR_STATE_UNFINISHED`; with `ERR_STATE_RUN` when a step failed, and `ERR_STATE_UNDO` when undoing failed too. When
   * the signal aborts, the run ends as configured, and then this rejects with the signal's reason.
   */
  apply(plan: StatePlan, options: RunOptions): Promise<StateRecord>;
  /** Says what is not as this state desires. */
  verify(desired: DesiredState, options?: EngineOptions): Promise<readonly Deviation[]>;
  /** Says what is no longer as it was declared by the runs so far. */
  drift(options?: EngineOptions): Promise<readonly Deviation[]>;
  /**
   * Yields what is not as declared, now and as it happens, and what is so again, of plugins that can watch, until the signal
   * aborts.
   */
  watch(options: { readonly signal: AbortSignal }): AsyncIterable<DriftNews>;
  /** Saves resources as they are. */
  checkpoint(options: CheckpointOptions): Promise<StateRecord>;
  /**
   * Brings everything that was changed since a checkpoint, or by a run and since, back to what it was then. Rejects with
   * `ERR_STATE_NOT_FOUND`, and like `apply`.
   */
  rollback(id: number, options: RunOptions): Promise<StateRecord>;
  /** Says what such a rollback would change; changes nothing. */
  previewRollback(id: number, options?: EngineOptions): Promise<RollbackPreview>;
  /** Runs and checkpoints, newest first. */
  history(query?: RecordQuery): Promise<readonly StateRecord[]>;
  /** One entry of the history. Rejects with `ERR_STATE_NOT_FOUND`. */
  record(id: number): Promise<StateRecord>;
  /** What the runs so far declared, as far as it was not taken back. */
  declared(): Promise<DesiredState>;
  /** What a run did, step by step, with the changes as they were planned. */
  steps(id: number): Promise<readonly RecordStep[]>;
  /** Brings half-done runs of processes that are gone to an end. */
  recover(how: Recovery, options?: EngineOptions): Promise<readonly RecoveredRun[]>;
}
