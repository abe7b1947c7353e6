import { listServices, parseIntrospectionXml, type BusConnection } from "op-dbus";
import { pluginInterface, pluginPath } from "./service-port.ts";

const askMs = 2000;

/** The services of a bus that run and are plugins, by what they say of themselves; starts none. */
export async function findPluginServices(
  bus: BusConnection,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const running = (await listServices(bus, { signal })).filter(({ isRunning }) => isRunning);
  const found = running.map(async ({ name }) =>
    (await isPlugin(bus, name, signal)) ? [name] : [],
  );
  return (await Promise.all(found)).flat();
}

async function isPlugin(bus: BusConnection, name: string, signal: AbortSignal): Promise<boolean> {
  try {
    const { body } = await bus.call(
      {
        destination: name,
        path: pluginPath,
        interface: "org.freedesktop.DBus.Introspectable",
        member: "Introspect",
      },
      { signal, timeoutMs: askMs, noAutoStart: true },
    );
    const [xml] = body;
    const { interfaces } = parseIntrospectionXml(typeof xml === "string" ? xml : "");
    return interfaces.some((each) => each.name === pluginInterface);
  } catch {
    // Most services have no such object, and some do not answer: neither is a plugin.
    signal.throwIfAborted();
    return false;
  }
}
