import {
  CallFailedError,
  createProxy,
  defineInterface,
  openBusConnection,
  type BusConnection,
} from "op-dbus";
import {
  createNetworkConnection,
  createNetworkDevice,
  createNetworkManager,
  createNetworkSettings,
} from "op-dbus/network";
import type {
  ActiveConnection,
  NetworkDevice,
  NetworkManagerBus,
  StoredConnection,
} from "../networkmanager/networkmanager-bus.ts";
import type { BusCallOptions } from "../systemd/systemd-bus.ts";
import { onBus } from "./bus-failure.ts";
import { newSettings, settingText, storedIp, withChange } from "./connection-settings.ts";
import { deviceReasons, deviceStates } from "./device-states.ts";

const destination = "org.freedesktop.NetworkManager";

const activeInterface = defineInterface({
  name: "org.freedesktop.NetworkManager.Connection.Active",
  methods: {},
  properties: { Connection: { type: "o" }, Devices: { type: "ao" }, State: { type: "u" } },
  signals: {},
});

const wiredInterface = defineInterface({
  name: "org.freedesktop.NetworkManager.Device.Wired",
  methods: {},
  properties: { Carrier: { type: "b" } },
  signals: {},
});

/** New connections go when a checkpoint is gone back to. */
const deleteNewConnections = 2;
/** Stored on the disk. */
const toDisk = 1;

/** Connects to the NetworkManager of a bus. */
export async function openNetworkManagerBus(
  address: string,
  { signal }: BusCallOptions,
): Promise<NetworkManagerBus & AsyncDisposable> {
  const open = async () => await openBusConnection({ address, signal });
  const bus = await onBus("Asking NetworkManager", open);
  return {
    ...createLooks(bus),
    ...createChanges(bus),
    ...createCheckpoints(bus),
    [Symbol.asyncDispose]: async () => await bus[Symbol.asyncDispose](),
  };
}

function createLooks(
  bus: BusConnection,
): Pick<NetworkManagerBus, "connections" | "activeConnections" | "devices" | "device"> {
  return {
    connections: async ({ signal }) =>
      await onBus("Listing connections", async () => {
        const [paths] = await createNetworkSettings(bus).call("ListConnections", [], { signal });
        return await readAll(paths, async (path) => await readStored(bus, path, signal));
      }),
    activeConnections: async ({ signal }) =>
      await onBus("Listing connections", async () => {
        const paths = await createNetworkManager(bus).get("ActiveConnections", { signal });
        return await readAll(paths, async (path) => await readActive(bus, path, signal));
      }),
    devices: async ({ signal }) =>
      await onBus("Listing network devices", async () => {
        const [paths] = await createNetworkManager(bus).call("GetDevices", [], { signal });
        return await readAll(paths, async (path) => await readDevice(bus, path, signal));
      }),
    device: async (path, { signal }) =>
      await onBus("Looking at a network device", async () => await readDevice(bus, path, signal)),
  };
}

const gone = /^org\.freedesktop\.DBus\.Error\.Unknown(?:Object|Method|Interface)$/u;

/** Reads objects of a list; those that have gone since it was made are left out. */
async function readAll<T>(
  paths: readonly string[],
  read: (path: string) => Promise<T>,
): Promise<readonly T[]> {
  const found = await Promise.all(
    paths.map(async (path) => {
      try {
        return [await read(path)];
      } catch (error) {
        if (error instanceof CallFailedError && gone.test(error.errorName)) return [];
        throw error;
      }
    }),
  );
  return found.flat();
}

async function readStored(
  bus: BusConnection,
  path: string,
  signal: AbortSignal,
): Promise<StoredConnection> {
  const [settings] = await createNetworkConnection(bus, path).call("GetSettings", [], { signal });
  const text = (name: string) => settingText(settings, "connection", name);
  return {
    path,
    name: text("id"),
    uuid: text("uuid"),
    kind: text("type"),
    interface: text("interface-name"),
    startsByItself: settings.get("connection")?.get("autoconnect")?.value !== false,
    ipv4: storedIp(settings, "ipv4"),
    ipv6: storedIp(settings, "ipv6"),
  };
}

const activeStates = ["unknown", "activating", "activated", "deactivating"] as const;

async function readActive(
  bus: BusConnection,
  path: string,
  signal: AbortSignal,
): Promise<ActiveConnection> {
  const active = createProxy(bus, activeInterface, { destination, path });
  const [connection, devices, state] = await Promise.all([
    active.get("Connection", { signal }),
    active.get("Devices", { signal }),
    active.get("State", { signal }),
  ]);
  return { path, connection, devices, state: activeStates[state] ?? "unknown" };
}

async function readDevice(
  bus: BusConnection,
  path: string,
  signal: AbortSignal,
): Promise<NetworkDevice> {
  const device = createNetworkDevice(bus, path);
  const wired = createProxy(bus, wiredInterface, { destination, path });
  const [name, isManaged, [state, reason], hasCarrier] = await Promise.all([
    device.get("Interface", { signal }),
    device.get("Managed", { signal }),
    device.get("StateReason", { signal }),
    // Devices of other kinds have no such property.
    wired.get("Carrier", { signal }).catch(() => null),
  ]);
  return {
    path,
    interface: name,
    isManaged,
    isActivated: state === 100,
    isFailed: state === 120,
    state: deviceStates[state] ?? String(state),
    reason: deviceReasons[reason] ?? `reason ${reason}`,
    hasCarrier,
  };
}

function createChanges(
  bus: BusConnection,
): Pick<NetworkManagerBus, "add" | "update" | "activate" | "deactivate"> {
  return {
    add: async (change, { signal }) =>
      await onBus("Adding a connection", async () => {
        const settings = createNetworkSettings(bus);
        const args = [newSettings(change), toDisk, new Map()] as const;
        const [path] = await settings.call("AddConnection2", args, { signal });
        return path;
      }),
    update: async (path, change, { signal }) =>
      await onBus("Changing a connection", async () => {
        const stored = createNetworkConnection(bus, path);
        const [settings] = await stored.call("GetSettings", [], { signal });
        const args = [withChange(settings, change), toDisk, new Map()] as const;
        await stored.call("Update2", args, { signal });
      }),
    activate: async (connection, device, { signal }) =>
      await onBus("Bringing a connection up", async () => {
        const args = [connection, device, "/"] as const;
        await createNetworkManager(bus).call("ActivateConnection", args, { signal });
      }),
    deactivate: async (active, { signal }) =>
      await onBus("Taking a connection down", async () => {
        await createNetworkManager(bus).call("DeactivateConnection", [active], { signal });
      }),
  };
}

function createCheckpoints(
  bus: BusConnection,
): Pick<NetworkManagerBus, "createCheckpoint" | "keepChange" | "rollBack"> {
  const manager = createNetworkManager(bus);
  return {
    createCheckpoint: async (devices, { seconds, signal }) =>
      await onBus("Making a checkpoint", async () => {
        const args = [[...devices], seconds, deleteNewConnections] as const;
        const [path] = await manager.call("CheckpointCreate", args, { signal });
        return path;
      }),
    keepChange: async (checkpoint, { signal }) =>
      await onBus("Keeping the change", async () => {
        await manager.call("CheckpointDestroy", [checkpoint], { signal });
      }),
    rollBack: async (checkpoint, { signal }) =>
      await onBus("Going back", async () => {
        await manager.call("CheckpointRollback", [checkpoint], { signal });
      }),
  };
}
