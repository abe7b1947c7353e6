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
  // Both must tell that a mount is watched; what changes before that is seen by whoever looks then.
  const unwatched = new Map(keys.map((key) => [key, 2]));
  const tell = (key: string, isFirst: boolean): void => {
    const left = (unwatched.get(key) ?? 0) - (isFirst ? 1 : 0);
    unwatched.set(key, left);
    if (left <= 0) changed.add([key]);
  };
  const pump = async (events: AsyncIterable<string>) => {
    const quiet = new Set(keys);
    try {
      for await (const name of events) {
        const key = targets.get(name) ?? name;
        tell(key, quiet.delete(key));
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
