import { formatError, isAbortOf, type Logger } from "op-core";
import { idOf, type DesiredState } from "../document/desired-state.ts";
import { createChangedKeys, type ChangedKeys } from "../plugin/changed-keys.ts";
import type { StatePlugin } from "../plugin/state-plugin.ts";
import { findDeviations } from "./find-drift.ts";
import type { DriftNews } from "./state-engine.ts";

/** What watching takes. */
export interface WatchDriftOptions {
  readonly plugins: readonly StatePlugin[];
  readonly signal: AbortSignal;
  readonly logger: Logger;
}

/** Yields what is no longer as declared, or is so again, as plugins notice it, until the signal aborts. */
export async function* watchDrift(
  declared: DesiredState,
  { plugins, signal, logger }: WatchDriftOptions,
): AsyncGenerator<DriftNews> {
  const stop = new AbortController();
  const both = AbortSignal.any([signal, stop.signal]);
  const resources = new Map(declared.map((resource) => [idOf(resource), resource]));
  const changed = createChangedKeys();
  const drifted = new Set<string>();
  const watchers = plugins.map(async (plugin) => {
    try {
      await watchPlugin(plugin, declared, both, changed);
    } catch (error) {
      if (!both.aborted && !isAbortOf(error, both)) {
        logger.warn("A plugin stopped watching", {
          plugin: plugin.name,
          error: formatError(error),
        });
      }
    }
  });
  try {
    for await (const id of changed.follow(both)) {
      const resource = resources.get(id);
      if (resource === undefined) continue;
      const deviations = await findDeviations([resource], { plugins, signal: both });
      if (deviations.length === 0 && !drifted.has(id)) continue;
      if (deviations.length > 0) drifted.add(id);
      else drifted.delete(id);
      yield { resource: id, deviations };
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    stop.abort();
    await Promise.all(watchers);
  }
}

async function watchPlugin(
  plugin: StatePlugin,
  declared: DesiredState,
  signal: AbortSignal,
  changed: ChangedKeys,
): Promise<void> {
  const mine = declared.filter((resource) => resource.plugin === plugin.name);
  if (plugin.watch === undefined || mine.length === 0) return;
  const keys = mine.map(({ key }) => key);
  for await (const key of plugin.watch(keys, { signal })) {
    changed.add([idOf({ plugin: plugin.name, key })]);
  }
}
