import { formatError, isAbortOf, type Logger } from "op-core";
import { idOf, type DesiredResource, type DesiredState } from "../document/desired-state.ts";
import type { StatePlugin } from "../plugin/state-plugin.ts";
import { findDeviations } from "./find-drift.ts";
import type { Deviation } from "./state-engine.ts";

/** What watching takes. */
export interface WatchDriftOptions {
  readonly plugins: readonly StatePlugin[];
  readonly signal: AbortSignal;
  readonly logger: Logger;
}

/** Yields what is no longer as declared, as plugins notice it, until the signal aborts. */
export async function* watchDrift(
  declared: DesiredState,
  { plugins, signal, logger }: WatchDriftOptions,
): AsyncGenerator<Deviation> {
  const stop = new AbortController();
  const both = AbortSignal.any([signal, stop.signal]);
  const touched = new Map<string, DesiredResource>();
  let wake = Promise.withResolvers<void>();
  const handleTouch = (resource: DesiredResource) => {
    touched.set(idOf(resource), resource);
    wake.resolve();
  };
  both.addEventListener("abort", () => wake.resolve(), { once: true });
  const watchers = plugins.map(async (plugin) => {
    try {
      await watchPlugin(plugin, declared, both, handleTouch);
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
    while (!both.aborted) {
      await wake.promise;
      wake = Promise.withResolvers<void>();
      if (both.aborted) break;
      const resources = [...touched.values()];
      touched.clear();
      yield* await findDeviations(resources, { plugins, signal: both });
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
  onTouch: (resource: DesiredResource) => void,
): Promise<void> {
  const mine = new Map(
    declared.filter((resource) => resource.plugin === plugin.name).map((one) => [one.key, one]),
  );
  if (plugin.watch === undefined || mine.size === 0) return;
  for await (const key of plugin.watch([...mine.keys()], { signal })) {
    const resource = mine.get(key);
    if (resource !== undefined) onTouch(resource);
  }
}
