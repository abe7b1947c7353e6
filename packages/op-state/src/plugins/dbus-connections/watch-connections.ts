import type { BusConnection } from "op-dbus";
import { watchProperties } from "../dbus-settings/watch-properties.ts";
import { createChangedKeys } from "../../plugin/changed-keys.ts";
import { readConnections } from "./connection-store.ts";
import {
  createNetworkConnection,
  createNetworkManager,
  createNetworkSettings,
} from "./network-proxies.ts";

/** Yields every connection once it is watched, and again when NetworkManager has news, until the signal aborts. */
export async function* watchConnections(
  bus: BusConnection,
  keys: readonly string[],
  signal: AbortSignal,
): AsyncGenerator<string> {
  const stop = new AbortController();
  const both = AbortSignal.any([signal, stop.signal]);
  const changed = createChangedKeys();
  const pumps: Promise<void>[] = [];
  const pump = async (events: AsyncIterable<unknown>) => {
    try {
      for await (const _news of events) changed.add(keys);
    } catch (error) {
      if (!both.aborted) stop.abort(error);
    }
  };
  try {
    // Which are up is a property of one object, which there are of another.
    pumps.push(pump(watchProperties(bus, createNetworkManager(bus), both)));
    pumps.push(pump(watchProperties(bus, createNetworkSettings(bus), both)));
    for (const { path } of (await readConnections(bus, both)).values()) {
      const proxy = createNetworkConnection(bus, path);
      pumps.push(pump(await proxy.subscribe("Updated", { signal: both })));
    }
    changed.add(keys);
    yield* changed.follow(both);
    if (!signal.aborted) throw stop.signal.reason;
  } finally {
    stop.abort();
    await Promise.all(pumps);
  }
}
