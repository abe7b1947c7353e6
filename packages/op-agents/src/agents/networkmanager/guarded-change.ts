import { setTimeout } from "node:timers/promises";
import type { JsonObject } from "op-core";
import { operationFailure } from "../../serving/operation-failure.ts";
import { integer, objectSchema, orNull, string } from "../operation/output-schema.ts";
import { integerField } from "../operation/field.ts";
import type { BusCallOptions } from "../systemd/systemd-bus.ts";
import type { NetworkDevice, NetworkManagerBus } from "./networkmanager-bus.ts";

/** How long a change may take until the link is up. */
export const secondsField = integerField("seconds", "How long it may take until the link is up.", {
  least: 1,
  most: 120,
  fallback: 30,
});

/** How long somebody has to say that the change may stay. */
export const confirmField = integerField(
  "confirmSeconds",
  "Goes back by itself after so many seconds unless confirm_network_change is called: for changes to the link you come by.",
  { least: 0, most: 600, fallback: 0 },
);

/** What is told of a change. */
export const changeSchema = objectSchema(
  {
    connection: string,
    interface: orNull("string"),
    state: string,
    checkpoint: string,
    confirmWithinSeconds: integer,
  },
  ["checkpoint", "confirmWithinSeconds"],
);

/** How long a link has to stay up that has come up. */
const settleMs = 3000;
const pollMs = 200;
/** For what is done after the last look. */
const spareSeconds = 10;

/** A change of the network, and how it is made sure of. */
export interface GuardedChange {
  readonly connection: string;
  readonly device: NetworkDevice;
  readonly seconds: number;
  readonly confirmSeconds: number;
  /** Makes it; the device is to be up afterwards. */
  readonly change: () => Promise<void>;
}

/**
 * Changes something and goes back when the device does not come up, or does not stay up. NetworkManager does so by itself,
 * too, when this process or whoever asked is gone by then.
 */
export async function guardChange(
  { connection, device, seconds, confirmSeconds, change }: GuardedChange,
  bus: NetworkManagerBus,
  options: BusCallOptions,
): Promise<JsonObject> {
  const all = seconds + settleMs / 1000 + spareSeconds + confirmSeconds;
  const checkpoint = await bus.createCheckpoint([device.path], { ...options, seconds: all });
  try {
    await change();
    await waitUntilUp(bus, device, { ...options, seconds });
    const about = { connection, interface: device.interface, state: "activated" };
    if (confirmSeconds > 0) return { ...about, checkpoint, confirmWithinSeconds: confirmSeconds };
    await bus.keepChange(checkpoint, options);
    return about;
  } catch (error) {
    // Whoever asked may be gone, and it has to be done all the same.
    const back = await bus
      .rollBack(checkpoint, { signal: AbortSignal.timeout(spareSeconds * 1000) })
      .then(
        () => "everything is as it was",
        () => "NetworkManager goes back by itself soon",
      );
    options.signal.throwIfAborted();
    throw changeFailure(connection, error, back);
  }
}

function changeFailure(connection: string, error: unknown, back: string): Error {
  const why = error instanceof Error ? error.message : String(error);
  return operationFailure({
    code: "ERR_NETWORK_ROLLED_BACK",
    message: `The change of ${connection} was taken back: ${why} Now ${back}.`,
    advice: "Look at the devices with list_connections, and at the log of NetworkManager.service.",
  });
}

interface WaitOptions extends BusCallOptions {
  readonly seconds: number;
}

async function waitUntilUp(
  bus: NetworkManagerBus,
  { path, interface: name }: NetworkDevice,
  { seconds, signal }: WaitOptions,
): Promise<void> {
  const endMs = performance.now() + seconds * 1000;
  let upSinceMs: number | undefined;
  for (;;) {
    const device = await bus.device(path, { signal });
    const nowMs = performance.now();
    const fault = findFault(device, upSinceMs !== undefined);
    if (fault !== undefined) throw new Error(`${name} ${fault}.`);
    upSinceMs = device.isActivated ? (upSinceMs ?? nowMs) : undefined;
    if (upSinceMs !== undefined && nowMs - upSinceMs >= settleMs) return;
    if (upSinceMs === undefined && nowMs > endMs) {
      throw new Error(`${name} did not come up in ${seconds} seconds; it is ${device.state}.`);
    }
    await setTimeout(pollMs, undefined, { signal });
  }
}

function findFault(device: NetworkDevice, wasUp: boolean): string | undefined {
  const { isActivated, isFailed, hasCarrier, state, reason } = device;
  const because = reason === "" ? "" : ` (${reason})`;
  if (isFailed) return `failed${because}`;
  if (wasUp && hasCarrier === false) return "came up and lost its link";
  if (wasUp && !isActivated) return `came up and is ${state} again${because}`;
  return undefined;
}
