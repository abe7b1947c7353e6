import type { BusConnection } from "op-dbus";
import { createChangedKeys } from "../../plugin/changed-keys.ts";
import { watchUnits } from "../dbus-units/watch-units.ts";
import { watchSources } from "../files/watch-sources.ts";
import { mountUnit } from "./mount-unit.ts";

/** What is watched. */
export interface WatchedMounts {
  readonly bus: BusConnection;
  readonly root: string;
  readonly keys: readonly string[];
}

/** Yields every mount once it is watched, and again when fstab or systemd have news of it, until the signal aborts. */
export async function* watchMounts(
  { bus, root, keys }: WatchedMounts,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const stop = new AbortController();
  const both = AbortSignal.any([signal, stop.signal]);
  const changed = createChangedKeys();
  const targets = new Map(keys.map((key) => [mountUnit(key), key]));
  const silent = new Set(targets.keys());
  const pump = async (events: AsyncIterable<string>) => {
    try {
      for await (const name of events) {
        // The other one tells that everything is watched.
        if (silent.delete(name)) continue;
        changed.add([targets.get(name) ?? name]);
      }
    } catch (error) {
      if (!both.aborted) stop.abort(error);
    }
  };
  const pumps = [
    pump(watchUnits(bus, [...targets.keys()], both)),
    pump(watchSources({ root, files: ["/etc/fstab"], keys }, both)),
  ];
  try {
    yield* changed.follow(both);
    if (!signal.aborted) throw stop.signal.reason;
  } finally {
    stop.abort();
    await Promise.all(pumps);
  }
}
