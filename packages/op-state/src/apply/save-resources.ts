import type { JsonValue } from "op-core";
import { idOf } from "../document/desired-state.ts";
import { attempt, pluginNamed } from "../plan/make-plan.ts";
import type { StatePlugin } from "../plugin/state-plugin.ts";
import { StatePluginError } from "../state-error.ts";
import type { NewStep, StateStore, StepTask } from "../store/state-store.ts";

/** A resource that is saved, and what is going to happen to it. */
export interface ResourceTask {
  readonly plugin: string;
  readonly key: string;
  readonly task: StepTask;
}

/** What saving takes. */
export interface SaveOptions {
  readonly plugins: readonly StatePlugin[];
  readonly store: StateStore;
  readonly signal: AbortSignal;
}

/** Saves resources as they are before something happens to them. */
export async function saveResources(
  tasks: readonly ResourceTask[],
  options: SaveOptions,
): Promise<readonly NewStep[]> {
  const [saved, known] = await Promise.all([savedStates(tasks, options), options.store.declared()]);
  const declared = new Map(known.map((entry) => [idOf(entry), { desired: entry.desired }]));
  return tasks.map((task) => {
    const state = saved.get(idOf(task));
    if (state === undefined)
      throw new StatePluginError(task.plugin, `save ${task.key}`, "no answer");
    return { ...task, saved: state, declared: declared.get(idOf(task)) ?? null };
  });
}

async function savedStates(
  tasks: readonly ResourceTask[],
  { plugins, signal }: SaveOptions,
): Promise<ReadonlyMap<string, JsonValue>> {
  const byPlugin = Map.groupBy(tasks, ({ plugin }) => plugin);
  const parts = await Promise.all(
    [...byPlugin].map(async ([name, group]) => {
      const plugin = pluginNamed(plugins, name);
      const keys = group.map(({ key }) => key);
      const saved = await attempt(name, "save resources", signal, () =>
        plugin.checkpoint(keys, { signal }),
      );
      return [...saved].map(([key, state]) => [idOf({ plugin: name, key }), state] as const);
    }),
  );
  return new Map(parts.flat());
}
