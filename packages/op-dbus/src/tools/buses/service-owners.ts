import { createProxy, type Proxy } from "../../proxy/proxy.ts";
import { busInterfaceShape } from "../../proxy/standard-interfaces.ts";
import type { BusConnection, CallOptions } from "../../connection/bus-connection.ts";
import { busName, busPath } from "../../connection/bus-driver-names.ts";
import { CallFailedError } from "../../dbus-error.ts";

const noOwner = "org.freedesktop.DBus.Error.NameHasNoOwner";

/** The bus itself, typed. */
function createBusDriver(bus: BusConnection): Proxy<typeof busInterfaceShape> {
  return createProxy(bus, busInterfaceShape, { destination: busName, path: busPath });
}

/** Resolves when the bus answers. */
export async function checkBus(bus: BusConnection, options: CallOptions): Promise<void> {
  const driver = { destination: busName, path: busPath, interface: busName };
  await bus.call({ ...driver, member: "GetId" }, options);
}

/** The unique name of whoever owns a name now; undefined when nobody does. */
export async function findOwner(
  bus: BusConnection,
  service: string,
  options: CallOptions,
): Promise<string | undefined> {
  if (service === busName) return busName;
  try {
    const [owner] = await createBusDriver(bus).call("GetNameOwner", [service], options);
    return owner;
  } catch (error) {
    if (error instanceof CallFailedError && error.errorName === noOwner) return undefined;
    throw error;
  }
}

/** The user a connection belongs to, as the bus vouches for it. */
export async function findUid(
  bus: BusConnection,
  uniqueName: string,
  options: CallOptions,
): Promise<number | undefined> {
  const [facts] = await createBusDriver(bus).call(
    "GetConnectionCredentials",
    [uniqueName],
    options,
  );
  const uid = facts.get("UnixUserID")?.value;
  return typeof uid === "number" ? uid : undefined;
}

/** Starts a service that does not run. */
export async function startService(
  bus: BusConnection,
  service: string,
  options: CallOptions,
): Promise<void> {
  await createBusDriver(bus).call("StartServiceByName", [service, 0], options);
}
