import type { BusConnection } from "op-dbus";
import { StateChangeError } from "../../state-error.ts";
import { waitUntil } from "../wait-until.ts";
import { createNetworkManager } from "./network-proxies.ts";

/** How a change of the network is guarded. */
export interface GuardOptions {
  readonly bus: BusConnection;
  readonly resource: string;
  /** After this time without a word NetworkManager goes back by itself. */
  readonly rollbackSeconds: number;
  readonly signal: AbortSignal;
  /** Whether the network is as it should be. */
  readonly isReachable: (signal: AbortSignal) => Promise<boolean>;
}

/** New connections and devices go away with the checkpoint. */
const flags = 0x2 | 0x4;

/** Undoing has to happen whoever has gone. */
const unstoppable = new AbortController().signal;

const confirmMs = 20_000;

/**
 * Changes the network under a checkpoint of NetworkManager. It goes back when the change fails, when the network does not
 * come back, and also when this process ends or cannot be reached any more.
 */
export async function guardedChange(
  options: GuardOptions,
  change: () => Promise<void>,
): Promise<void> {
  const { bus, resource, rollbackSeconds, signal, isReachable } = options;
  const manager = createNetworkManager(bus);
  const wasReachable = await isReachable(signal);
  const args = [[], rollbackSeconds, flags] as const;
  const [checkpoint] = await manager.call("CheckpointCreate", args, { signal });
  try {
    await change();
    const isBack = async () => !wasReachable || (await isReachable(signal));
    if (!(await waitUntil(isBack, { timeoutMs: confirmMs, signal }))) {
      throw new StateChangeError(resource, "the machine lost its network.", {
        advice: "NetworkManager has brought back what was before; look at addresses and gateway.",
      });
    }
  } catch (error) {
    await manager.call("CheckpointRollback", [checkpoint], { signal: unstoppable });
    throw error;
  }
  await manager.call("CheckpointDestroy", [checkpoint], { signal: unstoppable });
}

const connectedSite = 60;

/** Whether NetworkManager has a way out. */
export async function isOnline(bus: BusConnection, signal: AbortSignal): Promise<boolean> {
  return (await createNetworkManager(bus).get("State", { signal })) >= connectedSite;
}
