import type { Clock, Logger } from "op-core";
import type { BusConnection } from "../../connection/bus-connection.ts";
import type { BusByAddress, BusByCommand } from "../../connection/open-bus-connection.ts";

/** A bus that tools are made of. */
export interface BusTarget {
  /** `system`, `session`, or the name of a remote host: what calls and rules name it by. */
  readonly name: string;
  /** On a session bus every process of the user may own any name, so who owns one says nothing. */
  readonly kind: "system" | "session";
  /** How it is reached. */
  readonly way: BusByAddress | BusByCommand;
  /** Whether its services run on this machine, where their programs and users can be looked at. */
  readonly isLocal: boolean;
}

/** Opens a connection to a bus; which adapter of `BusConnection` it is, is the caller's choice. */
export type ConnectBus = (
  options: (BusByAddress | BusByCommand) & {
    readonly clock: Clock;
    readonly logger: Logger;
    readonly signal: AbortSignal;
  },
) => Promise<BusConnection>;
