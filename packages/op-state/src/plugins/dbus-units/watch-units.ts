import { createProxy, propertiesInterface, type BusConnection } from "op-dbus";
import { createSystemdManager, createSystemdUnit } from "op-dbus/systemd";
import { createChangedKeys } from "../../plugin/changed-keys.ts";
import { subscribe } from "./unit-bus.ts";

/** Yields every unit once it is watched, and again when systemd says something about it, until the signal aborts. */
export async function* watchUnits(
  bus: BusConnection,
  units: readonly string[],
  signal: AbortSignal,
): AsyncGenerator<string> {
  const stop = new AbortController();
  const both = AbortSignal.any([signal, stop.signal]);
  const changed = createChangedKeys();
  const pumps: Promise<void>[] = [];
  const pump = async <T>(events: AsyncIterable<T>, toKeys: (event: T) => readonly string[]) => {
    try {
      for await (const event of events) changed.add(toKeys(event));
    } catch (error) {
      if (!both.aborted) stop.abort(error);
    }
  };
  try {
    const manager = createSystemdManager(bus);
    await subscribe(bus, both);
    const jobs = await manager.subscribe("JobRemoved", { signal: both });
    pumps.push(pump(jobs, ({ body }) => units.filter((unit) => unit === body[2])));
    pumps.push(pump(await manager.subscribe("UnitFilesChanged", { signal: both }), () => units));
    for (const unit of units) {
      const { destination, path } = createSystemdUnit(bus, unit);
      const properties = createProxy(bus, propertiesInterface, { destination, path });
      const events = await properties.subscribe("PropertiesChanged", { signal: both });
      pumps.push(pump(events, () => [unit]));
    }
    changed.add(units);
    yield* changed.follow(both);
    if (!signal.aborted) throw stop.signal.reason;
  } finally {
    stop.abort();
    await Promise.all(pumps);
  }
}
