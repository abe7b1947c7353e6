import type { BusConnection } from "../connection/bus-connection.ts";
import { createProxy, type Proxy } from "../proxy/proxy.ts";
import {
  networkManager,
  networkManagerConnection,
  networkManagerDevice,
  networkManagerSettings,
} from "./networkmanager.ts";
import { resolvedManager } from "./resolved.ts";

const destination = "org.freedesktop.NetworkManager";

/** The network manager. */
export function createNetworkManager(bus: BusConnection): Proxy<typeof networkManager> {
  return createProxy(bus, networkManager, { destination, path: "/org/freedesktop/NetworkManager" });
}

/** A network device by its object's path. */
export function createNetworkDevice(
  bus: BusConnection,
  path: string,
): Proxy<typeof networkManagerDevice> {
  return createProxy(bus, networkManagerDevice, { destination, path });
}

/** The stored connections. */
export function createNetworkSettings(bus: BusConnection): Proxy<typeof networkManagerSettings> {
  const path = "/org/freedesktop/NetworkManager/Settings";
  return createProxy(bus, networkManagerSettings, { destination, path });
}

/** A stored connection by its object's path. */
export function createNetworkConnection(
  bus: BusConnection,
  path: string,
): Proxy<typeof networkManagerConnection> {
  return createProxy(bus, networkManagerConnection, { destination, path });
}

/** The name resolver. */
export function createResolvedManager(bus: BusConnection): Proxy<typeof resolvedManager> {
  const address = { destination: "org.freedesktop.resolve1", path: "/org/freedesktop/resolve1" };
  return createProxy(bus, resolvedManager, address);
}
