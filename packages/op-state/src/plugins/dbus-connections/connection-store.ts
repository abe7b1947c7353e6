import { CallFailedError, type BusConnection, type Variant } from "op-dbus";
import { StateChangeError } from "../../state-error.ts";
import { waitUntil } from "../wait-until.ts";
import { textOf, type ConnectionSettings } from "./connection-settings.ts";
import {
  createActiveConnection,
  createNetworkConnection,
  createNetworkManager,
  createNetworkSettings,
} from "./network-proxies.ts";

/** A connection that NetworkManager knows. */
export interface KnownConnection {
  readonly path: string;
  readonly filename: string;
  readonly settings: ConnectionSettings;
  /** The object of its use; undefined when it is not up. */
  readonly active: string | undefined;
}

const [activating, activated] = [1, 2];

/** Reads every connection, by name; of several with one name the first. */
export async function readConnections(
  bus: BusConnection,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, KnownConnection>> {
  const [paths] = await createNetworkSettings(bus).call("ListConnections", [], { signal });
  const used = await activeConnections(bus, signal);
  const found = await Promise.all(
    paths.map(async (path) => {
      const proxy = createNetworkConnection(bus, path);
      const [settings] = await proxy.call("GetSettings", [], { signal });
      const filename = await proxy.get("Filename", { signal });
      const id = settings.get("connection")?.get("id")?.value;
      return [textOf(id), { path, filename, settings, active: used.get(path) }] as const;
    }),
  );
  return new Map(found.toReversed());
}

async function activeConnections(
  bus: BusConnection,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const paths = await createNetworkManager(bus).get("ActiveConnections", { signal });
  const entries = await Promise.all(
    paths.map(async (path) => {
      const proxy = createActiveConnection(bus, path);
      // They come and go while they are looked at.
      const all = await proxy.getAll({ signal }).catch((error: unknown) => {
        signal.throwIfAborted();
        if (error instanceof CallFailedError) return new Map<string, Variant>();
        throw error;
      });
      const [state, connection] = [all.get("State")?.value, all.get("Connection")?.value];
      const isUsed = state === activating || state === activated;
      return isUsed && typeof connection === "string" ? [[connection, path] as const] : [];
    }),
  );
  return new Map(entries.flat());
}

const upMs = 30_000;

/** Brings a connection up, also when it is up with settings from before; resolves when it is. */
export async function bringUp(
  bus: BusConnection,
  resource: string,
  path: string,
  signal: AbortSignal,
): Promise<void> {
  const manager = createNetworkManager(bus);
  const [active] = await manager.call("ActivateConnection", [path, "/", "/"], { signal });
  const proxy = createActiveConnection(bus, active);
  const isUp = async () => {
    const state = await proxy.get("State", { signal });
    if (state === activated) return true;
    if (state !== activating) {
      throw new StateChangeError(resource, "it did not come up.", { advice });
    }
    // What other connections are to join waits for them, and is as far as it gets alone.
    const [isMaster, layer2Ready] = [0x1, 0x4];
    const flags = await proxy.get("StateFlags", { signal });
    return (flags & isMaster) !== 0 && (flags & layer2Ready) !== 0;
  };
  if (await waitUntil(isUp, { timeoutMs: upMs, signal })) return;
  throw new StateChangeError(resource, "it did not come up in time.", { advice });
}

const advice = "Read what NetworkManager says: journalctl -u NetworkManager.";

/** Takes a connection down; resolves when it is. */
export async function takeDown(
  bus: BusConnection,
  resource: string,
  path: string,
  signal: AbortSignal,
): Promise<void> {
  const active = (await activeConnections(bus, signal)).get(path);
  if (active === undefined) return;
  await createNetworkManager(bus).call("DeactivateConnection", [active], { signal });
  await waitUntilDown(bus, resource, active, signal);
}

/** Removes a connection; resolves when it is gone, and down if it was up. */
export async function remove(
  bus: BusConnection,
  resource: string,
  { path, active }: KnownConnection,
  signal: AbortSignal,
): Promise<void> {
  await createNetworkConnection(bus, path).call("Delete", [], { signal });
  if (active !== undefined) await waitUntilDown(bus, resource, active, signal);
}

/** While it still goes down its addresses are there. */
async function waitUntilDown(
  bus: BusConnection,
  resource: string,
  active: string,
  signal: AbortSignal,
): Promise<void> {
  const manager = createNetworkManager(bus);
  const isDown = async () => !(await manager.get("ActiveConnections", { signal })).includes(active);
  if (await waitUntil(isDown, { timeoutMs: upMs, signal })) return;
  throw new StateChangeError(resource, "it did not go down in time.", { advice });
}
