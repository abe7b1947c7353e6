import type { JsonObject, JsonValue } from "op-core";

/** How much a change may harm: it only reads, it writes, it loses something, or it touches what guards the machine. */
export type StateRisk = "read" | "write" | "destructive" | "privileged";

/** What all asynchronous methods of plugins take. */
export interface PluginOptions {
  readonly signal: AbortSignal;
}

/** What applying a change takes. */
export interface ApplyStepOptions extends PluginOptions {
  /** Tells people what is going on, in a few words. */
  readonly progress: (message: string) => void;
}

/** A resource as it is. */
export interface ResourceState {
  /** The properties people care for; null when there is no such resource. */
  readonly value: JsonObject | null;
  /** Equal as long as nothing about the resource has changed that a plan depends on. */
  readonly fingerprint: string;
  /** Properties that are not shown to those who merely look, such as passwords; none unless told. */
  readonly secrets?: readonly string[];
}

/** A resource as it should be. */
export interface DesiredValue {
  readonly key: string;
  /** Fits the plugin's schema; null when there should be no such resource. */
  readonly desired: JsonObject | null;
}

/** What has to happen to one resource. */
export interface ResourceChange extends DesiredValue {
  readonly action: "create" | "update" | "delete";
  readonly risk: StateRisk;
  /** Whether `rollback` brings back everything that the change replaces. */
  readonly isReversible: boolean;
  /** What people are shown as replaced, and by what. */
  readonly before: JsonObject | null;
  readonly after: JsonObject | null;
  /** Resources, as `plugin:key`, that have to be changed before; those outside the plan do not matter. */
  readonly requires: readonly string[];
  /** Properties of `before` and `after` that are shown to nobody; none unless told. */
  readonly secrets?: readonly string[];
}

/** Something that is wrong with a resource, told to people. */
export interface Problem {
  /** `plugin:key`, or the place in the document. */
  readonly resource: string;
  readonly reason: string;
  /**
   * For what `check` finds missing: resources, as `plugin:key`, that may make it. There is no problem when the plan changes
   * one of them, or one that the resource requires.
   */
  readonly solvedBy?: readonly string[];
}

/** What a plugin can do. */
export interface PluginCapabilities {
  /** Whether resources can be made and removed, or only set. */
  readonly canBeAbsent: boolean;
  /** Whether `watch` is there. */
  readonly canWatch: boolean;
  /** Whether `checkpoint` makes something on the machine, such as a snapshot; not unless told. */
  readonly makesSnapshots?: boolean;
}

/** How resources of a plugin are named. */
export interface ResourceKeys {
  /** A regular expression that a key has to match as a whole. */
  readonly pattern: string;
  /** What a key is, in a few words for people: "an absolute path". */
  readonly meaning: string;
}

/**
 * One kind of system state. The engine calls `apply` and `rollback` one at a time, across all processes that use the same
 * store; everything else may be called at any time and changes nothing.
 */
export interface StatePlugin {
  /** Matches `^[a-z][a-z0-9-]*$`. */
  readonly name: string;
  /** Changes when the same desired state may lead to other changes. */
  readonly version: string;
  readonly keys: ResourceKeys;
  /** JSON Schema of one resource's desired value. */
  readonly schema: JsonObject;
  readonly capabilities: PluginCapabilities;
  /** Reads resources as they are; answers for every key. */
  query(
    keys: readonly string[],
    options: PluginOptions,
  ): Promise<ReadonlyMap<string, ResourceState>>;
  /** Says what has to change; at most one change a resource, none for those that are as desired. */
  diff(
    desired: readonly DesiredValue[],
    current: ReadonlyMap<string, ResourceState>,
    options: PluginOptions,
  ): Promise<readonly ResourceChange[]>;
  /** Says what would make these changes fail: a missing permission, a full disk. Missing where nothing can be told. */
  check?(changes: readonly ResourceChange[], options: PluginOptions): Promise<readonly Problem[]>;
  /** Makes one change. May be called again after it was interrupted anywhere. */
  apply(change: ResourceChange, options: ApplyStepOptions): Promise<void>;
  /** Says what is not as desired although `diff` finds nothing to change. Missing where `diff` sees everything. */
  verify?(desired: readonly DesiredValue[], options: PluginOptions): Promise<readonly Problem[]>;
  /** Saves all that `rollback` needs to bring these resources back. */
  checkpoint(
    keys: readonly string[],
    options: PluginOptions,
  ): Promise<ReadonlyMap<string, JsonValue>>;
  /** Says what was saved, as `query` would of such a resource. Missing where that cannot be told. */
  describe?(
    key: string,
    saved: JsonValue,
    options: PluginOptions,
  ): Promise<Omit<ResourceState, "fingerprint">>;
  /** Brings a resource back to what was saved. May be called again, also when there is nothing to do. */
  rollback(key: string, saved: JsonValue, options: PluginOptions): Promise<void>;
  /**
   * Yields every key once it is watched, and then the keys of resources that may have changed, until the signal aborts.
   */
  watch?(keys: readonly string[], options: PluginOptions): AsyncIterable<string>;
}
