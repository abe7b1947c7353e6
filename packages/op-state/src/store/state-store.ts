import type { JsonObject, JsonValue } from "op-core";
import type { PlannedChange } from "../plan/state-plan.ts";

/** What a record is of: changes towards a desired state, changes back to a checkpoint, or a checkpoint alone. */
export type RecordKind = "apply" | "rollback" | "checkpoint";

/** How far a run is: `running` and `undoing` are half done, the others are ends. */
export type RecordStatus = "running" | "undoing" | "completed" | "undone" | "stopped";

/** What is known about a record from its beginning. */
export interface RecordStart {
  readonly kind: RecordKind;
  readonly status: RecordStatus;
  readonly atMs: number;
  readonly who: string;
  readonly why: string;
  /** The hash of the plan that was applied, or null. */
  readonly planHash: string | null;
  /** The checkpoint a rollback goes back to, or null. */
  readonly target: number | null;
}

/** One entry of the history. Its number names the checkpoint before it, too. */
export interface StateRecord extends RecordStart {
  readonly id: number;
  readonly endedMs: number | null;
  /** Why it did not complete. */
  readonly error: string | null;
  /** Whether it was interrupted and brought to its end later. */
  readonly isRecovered: boolean;
}

/** What a step has to do: reach a desired value, or bring back what was saved. */
export type StepTask =
  | { readonly kind: "reach"; readonly change: PlannedChange }
  | { readonly kind: "restore"; readonly saved: JsonValue; readonly declared: Declared | null }
  | { readonly kind: "keep" };

/** What was declared of a resource; null stands for absence. */
export interface Declared {
  readonly desired: JsonObject | null;
}

/** How far a step is. */
export type StepStatus = "pending" | "started" | "done" | "undone";

/** One resource of a record. */
export interface NewStep {
  readonly plugin: string;
  readonly key: string;
  readonly task: StepTask;
  /** The resource as it was before, for its plugin's `rollback`. */
  readonly saved: JsonValue;
  /** What was declared of it before; null when nothing was. */
  readonly declared: Declared | null;
}

/** One resource of a record, and how far it is. */
export interface RecordStep extends NewStep {
  readonly status: StepStatus;
}

/** What becomes declared when a record ends; null when nothing is declared any more. */
export interface DeclaredUpdate {
  readonly plugin: string;
  readonly key: string;
  readonly declared: Declared | null;
}

/** A resource with what was declared of it. */
export interface DeclaredEntry extends Declared {
  readonly plugin: string;
  readonly key: string;
}

/** How a record ends. */
export interface RecordEnd {
  readonly status: RecordStatus;
  readonly endedMs: number;
  readonly error: string | null;
  readonly isRecovered: boolean;
  readonly declared: readonly DeclaredUpdate[];
}

/** Which records are asked for, newest first. */
export interface RecordQuery {
  readonly limit?: number;
  /** Only records with smaller numbers. */
  readonly beforeId?: number;
  /** Only records that are half done. */
  readonly isUnfinished?: boolean;
}

/** Which records stay: no more than so many, and none that began before a time. */
export interface PruneQuery {
  readonly keep: number;
  readonly sinceMs: number;
}

/** Keeps the journal, the checkpoints and what is declared. What a method did is durable when it resolves. */
export interface StateStore extends AsyncDisposable {
  /** Writes a record with all its steps, or nothing; its number is larger than every one before. */
  begin(start: RecordStart, steps: readonly NewStep[]): Promise<number>;
  markStep(id: number, index: number, status: StepStatus): Promise<void>;
  /** Notes that a run goes back from here, and why. */
  markUndoing(id: number, error: string): Promise<void>;
  /** Ends a record and updates what is declared, both or neither. */
  end(id: number, end: RecordEnd): Promise<void>;
  records(query?: RecordQuery): Promise<readonly StateRecord[]>;
  record(id: number): Promise<StateRecord | undefined>;
  /** The steps of a record, in order. */
  steps(id: number): Promise<readonly RecordStep[]>;
  /** For each resource of this record and of later ones, the earliest step. */
  earliestSince(id: number): Promise<readonly RecordStep[]>;
  /** Everything that is declared, by plugin and key. */
  declared(): Promise<readonly DeclaredEntry[]>;
  /** Forgets the oldest records, up to the first that is half done; what is declared stays. Says how many went. */
  prune(query: PruneQuery): Promise<number>;
  /** Takes a lock among all that use the same store; undefined when somebody has it. It ends with its owner's process. */
  tryLock(name: string): Promise<AsyncDisposable | undefined>;
}
