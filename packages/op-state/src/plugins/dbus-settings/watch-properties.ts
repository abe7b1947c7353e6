import { createProxy, propertiesInterface, type BusConnection } from "op-dbus";

/** An object of a service. */
export interface WatchedObject {
  readonly destination: string;
  readonly path: string;
}

/** Yields once it listens, and again whenever a property of an object changed, until the signal aborts. */
export async function* watchProperties(
  bus: BusConnection,
  object: WatchedObject,
  signal: AbortSignal,
): AsyncGenerator<void> {
  const proxy = createProxy(bus, propertiesInterface, object);
  try {
    await using changes = await proxy.subscribe("PropertiesChanged", { signal });
    yield;
    for await (const _change of changes) yield;
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
