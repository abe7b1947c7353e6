import { isOpError } from "op-core";
import { idOf, type DesiredResource, type DesiredState } from "../document/desired-state.ts";
import { checkDesiredState } from "../document/parse-desired-state.ts";
import { fingerprintOf } from "../plugin/fingerprint.ts";
import { resourceId } from "../plugin/resource-id.ts";
import type { Problem, ResourceState, StatePlugin } from "../plugin/state-plugin.ts";
import { StatePluginError, StateRefusedError } from "../state-error.ts";
import { orderResources } from "./order-resources.ts";
import type { PlannedChange, StatePlan } from "./state-plan.ts";

/** What planning takes. */
export interface MakePlanOptions {
  readonly plugins: readonly StatePlugin[];
  readonly signal: AbortSignal;
}

interface PluginPart {
  readonly plugin: StatePlugin;
  readonly current: ReadonlyMap<string, ResourceState>;
  readonly changes: readonly PlannedChange[];
  readonly problems: readonly Problem[];
}

/**
 * Plans how to reach a desired state; changes nothing. The same desired state of the same system gives the same plan.
 * Rejects with `ERR_STATE_INPUT`, `ERR_STATE_CYCLE`, and with `ERR_STATE_REFUSED` for changes that would fail.
 */
export async function makePlan(
  desired: DesiredState,
  options: MakePlanOptions,
): Promise<StatePlan> {
  checkDesiredState(desired, options.plugins);
  orderResources(desired.map(toNode));
  const parts = await Promise.all(
    [...Map.groupBy(desired, ({ plugin }) => plugin)].map(([name, resources]) =>
      planPart(name, resources, options),
    ),
  );
  const problems = unsolvedProblems(desired, parts);
  if (problems.length > 0) throw new StateRefusedError(problems);
  const content = {
    desired: desired.toSorted((left, right) => (idOf(left) < idOf(right) ? -1 : 1)),
    versions: Object.fromEntries(parts.map(({ plugin }) => [plugin.name, plugin.version])),
    fingerprints: Object.fromEntries(parts.flatMap(fingerprintsOf)),
    changes: orderChanges(desired, parts),
  };
  return { hash: hashPlan(content), ...content };
}

/** The hash a plan has to have. */
export function hashPlan(plan: Omit<StatePlan, "hash">): string {
  return fingerprintOf({
    desired: plan.desired.map((resource) => ({ ...resource })),
    versions: plan.versions,
    fingerprints: plan.fingerprints,
    changes: plan.changes.map((change) => ({ ...change })),
  });
}

function differing(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): readonly string[] {
  return Object.keys({ ...before, ...after }).filter((name) => before[name] !== after[name]);
}

/** What differs between two plans for the same desired state. */
export function changedSince(plan: StatePlan, now: StatePlan): readonly string[] {
  const plugins = differing(plan.versions, now.versions).map((name) => `the plugin ${name} itself`);
  return [...differing(plan.fingerprints, now.fingerprints), ...plugins];
}

async function planPart(
  name: string,
  resources: readonly DesiredResource[],
  { plugins, signal }: MakePlanOptions,
): Promise<PluginPart> {
  const plugin = pluginNamed(plugins, name);
  const keys = resources.map(({ key }) => key);
  const current = await attempt(name, "query resources", signal, () =>
    plugin.query(keys, { signal }),
  );
  const missing = keys.filter((key) => !current.has(key));
  if (missing.length > 0) {
    throw new StatePluginError(name, "query resources", `no answer for ${missing.join(", ")}`);
  }
  const drafts = await attempt(name, "compare resources", signal, () =>
    plugin.diff(resources, current, { signal }),
  );
  const problems = await attempt(
    name,
    "check changes",
    signal,
    async () => (await plugin.check?.(drafts, { signal })) ?? [],
  );
  return {
    plugin,
    current,
    changes: drafts.map((draft) => ({ plugin: name, ...draft })),
    problems,
  };
}

/** Finds a plugin by its name. */
export function pluginNamed(plugins: readonly StatePlugin[], name: string): StatePlugin {
  const plugin = plugins.find((candidate) => candidate.name === name);
  if (plugin === undefined) throw new StatePluginError(name, "be found", "it is not installed");
  return plugin;
}

/** Wraps what a plugin throws, once. */
export async function attempt<T>(
  plugin: string,
  what: string,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    signal.throwIfAborted();
    if (isOpError(error)) throw error;
    throw new StatePluginError(plugin, what, error);
  }
}

/** What one change finds missing another one may make before. */
function unsolvedProblems(desired: DesiredState, parts: readonly PluginPart[]): readonly Problem[] {
  const changed = new Map(parts.flatMap((part) => part.changes).map((one) => [idOf(one), one]));
  const declared = new Map(desired.map((resource) => [idOf(resource), resource.requires]));
  const isSolved = (id: string, seen: Set<string>): boolean =>
    [...(declared.get(id) ?? []), ...(changed.get(id)?.requires ?? [])].some((required) => {
      if (changed.has(required)) return true;
      return !seen.has(required) && isSolved(required, seen.add(required));
    });
  return parts
    .flatMap((part) => part.problems)
    .filter(({ resource, solvedBy }) => {
      if (solvedBy === undefined) return true;
      return !solvedBy.some((id) => changed.has(id)) && !isSolved(resource, new Set());
    });
}

function fingerprintsOf({ plugin, current }: PluginPart): readonly (readonly [string, string])[] {
  return [...current].map(([key, { fingerprint }]) => [resourceId(plugin.name, key), fingerprint]);
}

function toNode(resource: DesiredResource) {
  const { requires, desired } = resource;
  return { id: idOf(resource), requires, isRemoved: desired === null };
}

/** Resources that are as desired take part: what stands between two changes keeps them in order. */
function orderChanges(
  desired: DesiredState,
  parts: readonly PluginPart[],
): readonly PlannedChange[] {
  const changes = parts.flatMap((part) => part.changes);
  const byId = new Map(changes.map((change) => [idOf(change), change]));
  const nodes = desired.map((resource) => {
    const implied = byId.get(idOf(resource))?.requires ?? [];
    return { ...toNode(resource), requires: [...resource.requires, ...implied] };
  });
  return orderResources(nodes).flatMap((id) => byId.get(id) ?? []);
}
