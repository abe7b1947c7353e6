import { canonicalJson, type JsonObject, type JsonValue } from "op-core";
import { idOf } from "../document/desired-state.ts";
import { attempt, pluginNamed } from "../plan/make-plan.ts";
import type { PlannedChange } from "../plan/state-plan.ts";
import type { ResourceState, StatePlugin, StateRisk } from "../plugin/state-plugin.ts";
import type { RecordStep, StateStore } from "../store/state-store.ts";
import { readRecord } from "./recover-runs.ts";
import type { RollbackPreview } from "./state-engine.ts";

/** What looking takes. */
export interface PreviewRollbackOptions {
  readonly plugins: readonly StatePlugin[];
  readonly store: StateStore;
  readonly signal: AbortSignal;
}

/** Says what going back to a record would change: resources that are as they were saved are left out. */
export async function previewRollback(
  id: number,
  { plugins, store, signal }: PreviewRollbackOptions,
): Promise<RollbackPreview> {
  const target = await readRecord(store, id);
  const steps = await store.earliestSince(id);
  const groups = [...Map.groupBy(steps, ({ plugin }) => plugin)];
  const parts = await Promise.all(
    groups.map(([name, group]) => previewPlugin(pluginNamed(plugins, name), group, signal)),
  );
  const byId = new Map(parts.flat().map((change) => [idOf(change), change]));
  return { target, changes: steps.toReversed().flatMap((step) => byId.get(idOf(step)) ?? []) };
}

async function previewPlugin(
  plugin: StatePlugin,
  steps: readonly RecordStep[],
  signal: AbortSignal,
): Promise<readonly PlannedChange[]> {
  const keys = steps.map(({ key }) => key);
  return attempt(plugin.name, "look at what would be brought back", signal, async () => {
    // Nothing is made only to look.
    const isFree = plugin.capabilities.makesSnapshots !== true;
    const now = isFree ? await plugin.checkpoint(keys, { signal }) : new Map<string, JsonValue>();
    const differing = steps.filter(({ key, saved }) => !isEqual(now.get(key) ?? null, saved));
    const current = await plugin.query(
      differing.map(({ key }) => key),
      { signal },
    );
    const changes = differing.map(async (step) => {
      const described = await plugin.describe?.(step.key, step.saved, { signal });
      return toChange(plugin.name, step, { current: current.get(step.key), described });
    });
    return Promise.all(changes);
  });
}

function isEqual(left: JsonValue, right: JsonValue): boolean {
  return canonicalJson(left) === canonicalJson(right);
}

interface BothStates {
  readonly current: ResourceState | undefined;
  readonly described: Omit<ResourceState, "fingerprint"> | undefined;
}

/** Where the plugin cannot say what was saved, only the resource is named. */
function toChange(
  plugin: string,
  { key, task }: RecordStep,
  { current, described }: BothStates,
): PlannedChange {
  const before = described === undefined ? {} : (current?.value ?? null);
  const after = described === undefined ? {} : described.value;
  const secrets = [...(current?.secrets ?? []), ...(described?.secrets ?? [])];
  return {
    plugin,
    key,
    desired: null,
    action: actionOf(before, after),
    risk: riskOf(task),
    isReversible: true,
    before,
    after,
    requires: [],
    ...(secrets.length === 0 ? {} : { secrets }),
  };
}

function actionOf(before: JsonObject | null, after: JsonObject | null): PlannedChange["action"] {
  if (before === null) return "create";
  return after === null ? "delete" : "update";
}

/** Taking back is as risky as what is taken back, where that is known. */
function riskOf(task: RecordStep["task"]): StateRisk {
  return task.kind === "reach" ? task.change.risk : "privileged";
}
