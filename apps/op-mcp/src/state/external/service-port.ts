import type { JsonValue } from "op-core";
import type { BusConnection } from "op-dbus";
import type { RemoteCallOptions, RemotePluginPort } from "op-state/remote";
import { ExternalPluginError } from "./external-plugin-error.ts";

/** The interface of services that are plugins, and where they have it. */
export const pluginInterface = "org.opmcp.StatePlugin1";
export const pluginPath = "/org/opmcp/StatePlugin1";

/** As long as a run may take. */
const callMs = 1_800_000;

/** The way to a service of the bus that is a plugin. */
export function createServicePort(bus: BusConnection, service: string): RemotePluginPort {
  const call = async (operation: string, input: JsonValue, signal: AbortSignal) => {
    const member = `${operation.slice(0, 1).toUpperCase()}${operation.slice(1)}`;
    const { body } = await bus.call(
      {
        destination: service,
        path: pluginPath,
        interface: pluginInterface,
        member,
        signature: "s",
        body: [JSON.stringify(input)],
      },
      { signal, timeoutMs: callMs },
    );
    const [answer] = body;
    if (typeof answer !== "string") {
      throw new ExternalPluginError(service, `it answers ${member} by no text.`);
    }
    const value: JsonValue = JSON.parse(answer);
    return value;
  };
  return {
    place: service,
    call: (operation, input, options) =>
      operation === "watch"
        ? watch(bus, service, { ...options, begin: () => call(operation, input, options.signal) })
        : call(operation, input, options.signal),
  };
}

interface WatchOptions extends RemoteCallOptions {
  readonly begin: () => Promise<JsonValue>;
}

/** Every key once it is watched, and then what the service says has changed. */
async function watch(
  bus: BusConnection,
  service: string,
  { signal, onProgress, begin }: WatchOptions,
): Promise<JsonValue> {
  const rule = { sender: service, path: pluginPath, interface: pluginInterface, member: "Changed" };
  await using signals = await bus.subscribe(rule, { signal });
  await begin();
  for await (const { body } of signals) {
    const [keys] = body;
    for (const key of Array.isArray(keys) ? keys : []) {
      if (typeof key === "string") onProgress?.({ key });
    }
  }
  return {};
}
