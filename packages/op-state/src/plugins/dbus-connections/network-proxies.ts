import { createProxy, defineInterface, type BusConnection, type Proxy } from "op-dbus";
import { isServiceRunning } from "../dbus-settings/is-service-running.ts";

const destination = "org.freedesktop.NetworkManager";
const root = "/org/freedesktop/NetworkManager";

const managerShape = defineInterface({
  name: "org.freedesktop.NetworkManager",
  methods: {
    ActivateConnection: { in: "ooo", out: "o" },
    DeactivateConnection: { in: "o", out: "" },
    CheckpointCreate: { in: "aouu", out: "o" },
    CheckpointDestroy: { in: "o", out: "" },
    CheckpointRollback: { in: "o", out: "a{su}" },
  },
  properties: { ActiveConnections: { type: "ao" }, State: { type: "u" } },
  signals: {},
});

const settingsShape = defineInterface({
  name: "org.freedesktop.NetworkManager.Settings",
  methods: {
    ListConnections: { in: "", out: "ao" },
    AddConnection2: { in: "a{sa{sv}}ua{sv}", out: "oa{sv}" },
    LoadConnections: { in: "as", out: "bas" },
  },
  properties: { Connections: { type: "ao" } },
  signals: {},
});

const connectionShape = defineInterface({
  name: "org.freedesktop.NetworkManager.Settings.Connection",
  methods: {
    GetSettings: { in: "", out: "a{sa{sv}}" },
    Update2: { in: "a{sa{sv}}ua{sv}", out: "a{sv}" },
    Delete: { in: "", out: "" },
  },
  properties: { Filename: { type: "s" } },
  signals: { Updated: { type: "" } },
});

const activeShape = defineInterface({
  name: "org.freedesktop.NetworkManager.Connection.Active",
  methods: {},
  properties: { Connection: { type: "o" }, State: { type: "u" }, StateFlags: { type: "u" } },
  signals: {},
});

/** The service as a whole. */
export function createNetworkManager(bus: BusConnection): Proxy<typeof managerShape> {
  return createProxy(bus, managerShape, { destination, path: root });
}

/** The connections it knows. */
export function createNetworkSettings(bus: BusConnection): Proxy<typeof settingsShape> {
  return createProxy(bus, settingsShape, { destination, path: `${root}/Settings` });
}

/** A connection, by its object's path. */
export function createNetworkConnection(
  bus: BusConnection,
  path: string,
): Proxy<typeof connectionShape> {
  return createProxy(bus, connectionShape, { destination, path });
}

/** A connection that is in use, by its object's path. */
export function createActiveConnection(
  bus: BusConnection,
  path: string,
): Proxy<typeof activeShape> {
  return createProxy(bus, activeShape, { destination, path });
}

/** Whether the service runs; asking does not start it. */
export function isNetworkManagerRunning(bus: BusConnection, signal: AbortSignal): Promise<boolean> {
  return isServiceRunning(bus, destination, signal);
}
