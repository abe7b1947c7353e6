import { sessionBus, type MessageBus } from "dbus-next";
import { silentLogger, startDeadline, systemClock, type Clock, type Logger } from "op-core";
import type { BusConnection } from "../connection/bus-connection.ts";
import { defaultBusConnectionOptions } from "../connection/open-bus-connection.ts";
import { ConnectError } from "../dbus-error.ts";
import { DbusNextConnection } from "./dbus-next-connection.ts";

/** How a connection by dbus-next is opened. */
export interface DbusNextConnectionOptions {
  /** One address; the package cannot fall back to another. */
  readonly address: string;
  readonly clock?: Clock;
  readonly logger?: Logger;
  /** Gives up opening; has no effect on the connection once it is open. */
  readonly signal?: AbortSignal | undefined;
  readonly connectTimeoutMs?: number;
  /** How long answers may take unless a call says otherwise. */
  readonly callTimeoutMs?: number;
}

/**
 * Connects to a bus by the dbus-next package; rejects with `ERR_DBUS_CONNECT`. The connection does not come back when
 * the bus dies, and may not notice that it is gone: the README says what else it does worse.
 */
export async function openDbusNextConnection(
  options: DbusNextConnectionOptions,
): Promise<BusConnection> {
  const { connectTimeoutMs, callTimeoutMs } = { ...defaultBusConnectionOptions, ...options };
  const { address, clock = systemClock, logger = silentLogger, signal } = options;
  const what = `Connecting to ${address}`;
  using deadline = startDeadline({ what, ms: connectTimeoutMs, clock, signal });
  deadline.signal.throwIfAborted();
  const bus = sessionBus({ busAddress: address });
  try {
    await connected(bus, address, deadline.signal);
    return await DbusNextConnection.adopt({ bus, clock, logger, callTimeoutMs });
  } catch (error) {
    bus.disconnect();
    throw error;
  }
}

async function connected(bus: MessageBus, address: string, signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const giveUp = (): void => reject(signal.reason);
  bus.on("connect", resolve);
  // Without a listener an error would end the process.
  bus.on("error", (error: unknown) => {
    reject(new ConnectError(address, [String(error)], error));
  });
  signal.addEventListener("abort", giveUp, { once: true });
  try {
    await promise;
  } finally {
    signal.removeEventListener("abort", giveUp);
  }
}
