import { busInterfaceShape, createProxy, type BusConnection } from "op-dbus";

/** Whether a service runs; asking does not start it. */
export async function isServiceRunning(
  bus: BusConnection,
  name: string,
  signal: AbortSignal,
): Promise<boolean> {
  const address = { destination: busInterfaceShape.name, path: "/org/freedesktop/DBus" };
  const proxy = createProxy(bus, busInterfaceShape, address);
  const [isRunning] = await proxy.call("NameHasOwner", [name], { signal });
  return isRunning;
}
