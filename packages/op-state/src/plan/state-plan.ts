import type { DesiredState } from "../document/desired-state.ts";
import type { ResourceChange } from "../plugin/state-plugin.ts";

/** A change of a plan. */
export interface PlannedChange extends ResourceChange {
  readonly plugin: string;
}

/** What would be changed, in order. It is plain data: it can be kept, shown and handed over. */
export interface StatePlan {
  /** Of everything below: what is applied is what was shown. */
  readonly hash: string;
  readonly desired: DesiredState;
  /** The version of each plugin that takes part. */
  readonly versions: Readonly<Record<string, string>>;
  /** How each declared resource was found, by `plugin:key`. */
  readonly fingerprints: Readonly<Record<string, string>>;
  /** In the order in which they are made. */
  readonly changes: readonly PlannedChange[];
}
