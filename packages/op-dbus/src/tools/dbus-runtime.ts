import type { Clock, Logger } from "op-core";
import type { LazyBus } from "./buses/lazy-bus.ts";
import type { OwnerTrust } from "./buses/owner-trust.ts";
import type { BusCatalogue } from "./catalogue/bus-catalogue.ts";
import type { ExpectedOwners } from "./calls/expected-owners.ts";
import { BusUnavailableError } from "./dbus-tools-error.ts";
import type { Gate } from "./gate/gate.ts";

/** How long calls may take. */
export interface CallTimes {
  readonly callTimeoutMs: number;
  /** When the service may ask a person for permission. */
  readonly interactiveTimeoutMs: number;
}

/** What every tool and resource of a source works with. */
export interface DBusRuntime {
  readonly buses: readonly LazyBus[];
  readonly catalogues: readonly BusCatalogue[];
  readonly gate: Gate;
  readonly trust: OwnerTrust;
  readonly expected: ExpectedOwners;
  readonly times: CallTimes;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** The catalogue of a bus, or of the first where none is named; throws `ERR_DBUS_UNAVAILABLE`. */
export function catalogueOf({ catalogues }: DBusRuntime, bus: string | undefined): BusCatalogue {
  const found =
    bus === undefined ? catalogues[0] : catalogues.find(({ target }) => target.name === bus);
  if (found !== undefined) return found;
  const names = catalogues.map(({ target }) => target.name).join(", ");
  throw new BusUnavailableError(
    bus ?? "system",
    `there is ${names === "" ? "none" : `only ${names}`} here.`,
  );
}
