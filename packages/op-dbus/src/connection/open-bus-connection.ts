import { silentLogger, systemClock, type BackoffPolicy, type Clock, type Logger } from "op-core";
import type { AuthMechanism, AuthMechanismName } from "../auth/auth-mechanism.ts";
import { createMechanisms, defaultAuthMechanisms } from "../auth/default-mechanisms.ts";
import { parseBusAddresses, toCommandAddress, type BusAddress } from "../link/bus-address.ts";
import type { BusCommand } from "../link/bus-command.ts";
import { wireLimits } from "../wire/limits.ts";
import type { BusConnection } from "./bus-connection.ts";
import { ReconnectingConnection, type FirstSession } from "./reconnecting-connection.ts";
import { openSession, type OpenedSession } from "./session.ts";

/** How a connection to a bus is opened: by addresses, or by a command that leads to it. */
export type BusConnectionOptions = BusConnectionSettings & (BusByAddress | BusByCommand);

/** A bus that can be reached by a socket. */
export interface BusByAddress {
  /** One address or several, separated by semicolons, which are tried in order. */
  readonly address: string;
  readonly command?: undefined;
}

/** A bus that a command leads to, which is started again when the connection has to come back. */
export interface BusByCommand {
  readonly command: BusCommand;
  readonly address?: undefined;
}

/** What a connection does. */
export interface BusConnectionSettings {
  readonly clock?: Clock;
  readonly logger?: Logger;
  /** Gives up opening; has no effect on the connection once it is open. */
  readonly signal?: AbortSignal | undefined;
  /** Names of mechanisms, or mechanisms, tried in order. */
  readonly auth?: readonly (AuthMechanismName | AuthMechanism)[];
  /** How long one attempt at one address may take. */
  readonly connectTimeoutMs?: number;
  /** How long answers may take unless a call says otherwise. */
  readonly callTimeoutMs?: number;
  /** How many calls to services may be unanswered; a bus refuses more than 128. */
  readonly maxInFlight?: number;
  /** How many of them may be to the same service. */
  readonly maxInFlightPerService?: number;
  /** How many calls may wait for their turn. */
  readonly maxQueuedCalls?: number;
  /** Larger messages are refused instead of sent; a system bus closes the connection of whoever sends more. */
  readonly maxSendBytes?: number;
  /** A bus that sends a larger message is given up. */
  readonly maxReceiveBytes?: number;
  /** How long to wait between attempts to come back. */
  readonly backoff?: BackoffPolicy;
  /**
   * Whether a bus that cannot be reached is waited for in the background: calls fail until it is there, as they do while a
   * bus is gone. False unless told: then opening rejects.
   */
  readonly isPatient?: boolean;
}

/** What a connection does unless told otherwise. */
export const defaultBusConnectionOptions = {
  auth: defaultAuthMechanisms,
  connectTimeoutMs: 10_000,
  callTimeoutMs: 25_000,
  maxInFlight: 120,
  maxInFlightPerService: 100,
  maxQueuedCalls: 10_000,
  maxSendBytes: 32 * 1024 * 1024,
  maxReceiveBytes: wireLimits.messageBytes,
  backoff: { initialMs: 50, maxMs: 5000, factor: 2, jitter: 0.5 },
} as const;

/**
 * Connects to a bus. Rejects with `ERR_DBUS_CONNECT` when no address works, and with `ERR_DBUS_ADDRESS` when they cannot
 * be read. Disposing the connection sends what waits to be sent, fails what is pending and does not come back.
 */
export async function openBusConnection(options: BusConnectionOptions): Promise<BusConnection> {
  const settings = { ...defaultBusConnectionOptions, ...options };
  const { clock = systemClock, logger = silentLogger, callTimeoutMs, backoff } = settings;
  const sessionOptions = {
    addresses: toAddresses(options),
    mechanisms: settings.auth.flatMap((mechanism) =>
      typeof mechanism === "string" ? createMechanisms([mechanism]) : [mechanism],
    ),
    messageLimits: {
      maxSendBytes: settings.maxSendBytes,
      maxReceiveBytes: settings.maxReceiveBytes,
    },
    callLimits: {
      total: settings.maxInFlight,
      perLane: settings.maxInFlightPerService,
      maxQueued: settings.maxQueuedCalls,
    },
    connectTimeoutMs: settings.connectTimeoutMs,
    clock,
  };
  const open = (signal: AbortSignal) => openSession({ ...sessionOptions, signal });
  const first = await openFirst(open, options);
  return new ReconnectingConnection({ open, first, clock, logger, callTimeoutMs, backoff });
}

/** The first session, or why there is none yet. */
async function openFirst(
  open: (signal: AbortSignal) => Promise<OpenedSession>,
  { signal = new AbortController().signal, isPatient = false }: BusConnectionSettings,
): Promise<FirstSession> {
  try {
    return { opened: await open(signal) };
  } catch (error) {
    signal.throwIfAborted();
    if (!isPatient) throw error;
    return { opened: undefined, error };
  }
}

function toAddresses(options: BusByAddress | BusByCommand): readonly BusAddress[] {
  return options.command === undefined
    ? parseBusAddresses(options.address)
    : [toCommandAddress(options.command)];
}
