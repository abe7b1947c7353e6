import { formatError, OpError } from "op-core";
import type { Problem } from "./plugin/state-plugin.ts";

function listed(problems: readonly Problem[]): string {
  const shown = problems.slice(0, 10).map(({ resource, reason }) => `${resource}: ${reason}`);
  const more = problems.length - shown.length;
  return [...shown, ...(more > 0 ? [`and ${more} more`] : [])].join("; ");
}

function dataOf(problems: readonly Problem[]): {
  problems: { resource: string; reason: string }[];
} {
  return { problems: problems.map(({ resource, reason }) => ({ resource, reason })) };
}

/** A desired state that cannot be understood. */
export class StateInputError extends OpError {
  static readonly code = "ERR_STATE_INPUT";
  static readonly meaning =
    "The desired state is wrong: an unknown plugin, a bad name, or a value that does not fit the plugin's schema.";
  readonly code = StateInputError.code;
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(`The desired state was refused: ${listed(problems)}`, {
      advice: "Correct what is named; nothing was changed.",
      data: dataOf(problems),
    });
    this.problems = problems;
  }
}

/** Resources that wait for each other. */
export class StateCycleError extends OpError {
  static readonly code = "ERR_STATE_CYCLE";
  static readonly meaning = "Resources of the desired state require each other in a circle.";
  readonly code = StateCycleError.code;

  constructor(cycle: readonly string[]) {
    super(`Planning was refused because resources wait for each other: ${cycle.join(" → ")}`, {
      advice: "Remove one of these requirements; nothing was changed.",
      data: { cycle },
    });
  }
}

/** Changes that are known to fail. */
export class StateRefusedError extends OpError {
  static readonly code = "ERR_STATE_REFUSED";
  static readonly meaning =
    "A change would fail, for want of a permission, of space or of a writable file system; nothing was changed.";
  readonly code = StateRefusedError.code;
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(`Planning was refused because changes would fail: ${listed(problems)}`, {
      advice: "Remove what is in the way and plan again; nothing was changed.",
      data: dataOf(problems),
    });
    this.problems = problems;
  }
}

/** A plan for a system that is no longer as it was. */
export class StatePlanStaleError extends OpError {
  static readonly code = "ERR_STATE_PLAN_STALE";
  static readonly meaning = "The system changed after the plan was made, so it was not applied.";
  readonly code = StatePlanStaleError.code;

  constructor(resources: readonly string[]) {
    super(`Applying the plan was refused because the system changed: ${resources.join(", ")}`, {
      advice: "Plan again, look at the new plan and apply that.",
      data: { resources },
    });
  }
}

/** A plan that is not the one that was made. */
export class StatePlanAlteredError extends OpError {
  static readonly code = "ERR_STATE_PLAN_ALTERED";
  static readonly meaning = "The plan does not match its hash: somebody altered it.";
  readonly code = StatePlanAlteredError.code;

  constructor(hash: string) {
    super(`Applying the plan ${hash.slice(0, 12)} was refused because it was altered.`, {
      advice: "Plan again and hand the plan over unaltered.",
      data: { hash },
    });
  }
}

/** A plan that nobody remembers. */
export class StatePlanUnknownError extends OpError {
  static readonly code = "ERR_STATE_PLAN_UNKNOWN";
  static readonly meaning =
    "There is no such plan, or it was made too long ago or by another process.";
  readonly code = StatePlanUnknownError.code;

  constructor(plan: string) {
    super(`Finding the plan ${JSON.stringify(plan.slice(0, 64))} failed because there is none.`, {
      advice: "Plan again with state_plan, and use the plan that it answers.",
      data: { plan: plan.slice(0, 64) },
    });
  }
}

/** Another run uses the plugin. */
export class StateLockedError extends OpError {
  static readonly code = "ERR_STATE_LOCKED";
  static readonly meaning =
    "Another run, maybe of another process, changes the same part of the system.";
  readonly code = StateLockedError.code;

  constructor(plugin: string) {
    super(`Waiting for the plugin ${plugin} was given up because another run uses it.`, {
      advice: "Wait until the other run has ended, then plan again.",
      data: { plugin },
      retryable: true,
    });
  }
}

/** An earlier run is half done. */
export class StateUnfinishedError extends OpError {
  static readonly code = "ERR_STATE_UNFINISHED";
  static readonly meaning =
    "An earlier run was interrupted and is neither finished nor undone yet.";
  readonly code = StateUnfinishedError.code;

  constructor(run: number) {
    super(`Changing the system was refused because run ${run} is half done.`, {
      advice: "Recover it first, with the plugins it used.",
      data: { run },
    });
  }
}

/** A run that did not reach its end. */
export class StateRunError extends OpError {
  static readonly code = "ERR_STATE_RUN";
  static readonly meaning =
    "A change failed; the run was stopped or everything it did was undone, as its data says.";
  readonly code = StateRunError.code;
  readonly run: number;

  constructor(failure: RunFailure) {
    const { run, resource, outcome, cause } = failure;
    const became = outcome === "undone" ? "everything was undone" : "what was done before it stays";
    super(`Changing ${resource} in run ${run} failed, ${became}: ${formatError(cause)}`, {
      advice: "Remove the cause and plan again.",
      data: { run, resource, outcome },
      cause,
    });
    this.run = run;
  }
}

/** What a {@link StateRunError} tells. */
export interface RunFailure {
  readonly run: number;
  readonly resource: string;
  readonly outcome: "undone" | "stopped";
  readonly cause: unknown;
}

/** A step that could not be undone. */
export class StateUndoError extends OpError {
  static readonly code = "ERR_STATE_UNDO";
  static readonly meaning =
    "A change could not be undone; the run stays half done until it is recovered.";
  readonly code = StateUndoError.code;

  constructor(run: number, resource: string, cause: unknown) {
    super(`Undoing ${resource} of run ${run} failed: ${formatError(cause)}`, {
      advice: "Remove the cause and recover the run; until then its plugins are not used.",
      data: { run, resource },
      retryable: true,
      cause,
    });
  }
}

/** A plugin that failed at what is not a change. */
export class StatePluginError extends OpError {
  static readonly code = "ERR_STATE_PLUGIN";
  static readonly meaning = "A plugin failed while it looked at the system; nothing was changed.";
  readonly code = StatePluginError.code;

  constructor(plugin: string, attempted: string, cause: unknown) {
    super(`The plugin ${plugin} failed to ${attempted}: ${formatError(cause)}`, {
      advice: "Look at the cause; nothing was changed.",
      data: { plugin, attempted },
      cause,
    });
  }
}

/** A change that a plugin cannot make. */
export class StateChangeError extends OpError {
  static readonly code = "ERR_STATE_CHANGE";
  static readonly meaning = "A plugin could not change a resource.";
  readonly code = StateChangeError.code;

  constructor(
    resource: string,
    reason: string,
    options: { advice?: string; cause?: unknown } = {},
  ) {
    super(`Changing ${resource} failed: ${reason}`, { ...options, data: { resource, reason } });
  }
}

/** The store does not know what was asked for. */
export class StateNotFoundError extends OpError {
  static readonly code = "ERR_STATE_NOT_FOUND";
  static readonly meaning = "There is no run or checkpoint of this number.";
  readonly code = StateNotFoundError.code;

  constructor(id: number) {
    super(`Reading run or checkpoint ${id} failed because there is none.`, {
      advice: "Look at the history for the numbers there are.",
      data: { id },
    });
  }
}

/** The store could not be read or written. */
export class StateStoreError extends OpError {
  static readonly code = "ERR_STATE_STORE";
  static readonly meaning = "The store of runs and checkpoints could not be read or written.";
  readonly code = StateStoreError.code;

  constructor(path: string, cause: unknown) {
    super(`Using the state store in ${path} failed: ${formatError(cause)}`, {
      advice: "Free space there or make it writable.",
      data: { path },
      retryable: true,
      cause,
    });
  }
}

/** The engine was closed. */
export class StateClosedError extends OpError {
  static readonly code = "ERR_STATE_CLOSED";
  static readonly meaning = "The engine was closed, so it takes no more work.";
  readonly code = StateClosedError.code;

  constructor() {
    super("The work was given up because the state engine was closed.");
  }
}

/** Every error this package makes. */
export type AnyStateError =
  | StateInputError
  | StateCycleError
  | StateRefusedError
  | StatePlanStaleError
  | StatePlanAlteredError
  | StatePlanUnknownError
  | StateLockedError
  | StateUnfinishedError
  | StateRunError
  | StateUndoError
  | StatePluginError
  | StateChangeError
  | StateNotFoundError
  | StateStoreError
  | StateClosedError;
