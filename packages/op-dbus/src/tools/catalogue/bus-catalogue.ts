import { createSemaphore, createSingleFlight, type Logger, type SingleFlight } from "op-core";
import type { BusConnection } from "../../connection/bus-connection.ts";
import type { BusTarget } from "../buses/bus-target.ts";
import type { LazyBus } from "../buses/lazy-bus.ts";
import { UnknownMemberError } from "../dbus-tools-error.ts";
import { BusNames } from "./bus-names.ts";
import type { ServiceDescriber } from "./service-describer.ts";
import type { InterfaceEntry, ServiceEntry } from "./service-entry.ts";

/** What the catalogue of a bus is made of. */
export interface BusCatalogueOptions {
  readonly bus: LazyBus;
  readonly describer: ServiceDescriber;
  readonly logger: Logger;
  /** Told of a service that appeared, vanished or was replaced; of none when all may have. */
  readonly onChange: (service: string | undefined) => void;
}

const servicesAtOnce = 4;

/** The services of one bus and what they offer. Nothing is connected to or asked before the first question. */
export class BusCatalogue implements AsyncDisposable {
  readonly target: BusTarget;
  readonly #options: BusCatalogueOptions;
  readonly #closing = new AbortController();
  readonly #entries = new Map<string, ServiceEntry>();
  /** Counts changes, so that an answer older than a change is not kept. */
  #changes = 0;
  readonly #flights: SingleFlight<string, ServiceEntry> = createSingleFlight();
  readonly #opening: SingleFlight<"names", BusNames> = createSingleFlight();
  #names: BusNames | undefined;

  constructor(options: BusCatalogueOptions) {
    this.#options = options;
    this.target = options.bus.target;
  }

  /** Whether anything has been asked of the bus yet. */
  get isOpen(): boolean {
    return this.#names !== undefined;
  }

  /** The names of the bus; the first call connects. */
  async names(signal: AbortSignal): Promise<BusNames> {
    return this.#names ?? (await this.#opening.run("names", () => this.#open(), { signal }));
  }

  /** The connection, with its names followed. */
  async connection(signal: AbortSignal): Promise<BusConnection> {
    await this.names(signal);
    return await this.#options.bus.get(signal);
  }

  /** What a service offers; rejects with `ERR_DBUS_UNKNOWN` for a name that neither runs nor can be started. */
  async describe(service: string, signal: AbortSignal): Promise<ServiceEntry> {
    const known = this.#entries.get(service);
    return known ?? (await this.#ask(service, { mustBeFresh: false, signal }));
  }

  /** An interface of a service, if it is known already; asks nobody. */
  knownInterface(service: string, interfaceName: string): InterfaceEntry | undefined {
    return this.#entries.get(service)?.interfaces.get(interfaceName);
  }

  /** What a service offers now, with the objects it has now. */
  async describeAnew(service: string, signal: AbortSignal): Promise<ServiceEntry> {
    return await this.#ask(service, { mustBeFresh: true, signal });
  }

  /** Describes several services, a few at a time. */
  async describeMany(
    services: readonly string[],
    signal: AbortSignal,
  ): Promise<readonly ServiceEntry[]> {
    const semaphore = createSemaphore({ permits: servicesAtOnce, maxQueue: services.length });
    const describeOne = (service: string): Promise<ServiceEntry | undefined> =>
      semaphore.run(() => this.#describeIfThere(service, signal), { signal });
    const entries = await Promise.all(services.map(describeOne));
    return entries.filter((entry) => entry !== undefined);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    await this.#names?.[Symbol.asyncDispose]();
  }

  async #open(): Promise<BusNames> {
    const { signal } = this.#closing;
    const bus = await this.#options.bus.get(signal);
    const { logger } = this.#options;
    const onChange = (name: string | undefined): void => this.#forget(name);
    await using guard = new AsyncDisposableStack();
    const names = guard.use(await BusNames.open({ bus, onChange, logger, signal }));
    signal.throwIfAborted();
    guard.move();
    this.#names = names;
    return names;
  }

  async #ask(
    service: string,
    { mustBeFresh, signal }: { readonly mustBeFresh: boolean; readonly signal: AbortSignal },
  ): Promise<ServiceEntry> {
    const names = await this.names(signal);
    const isRunning = names.isRunning(service);
    if (!isRunning && !names.isActivatable(service)) throw unknownService(service, names);
    const work = async (shared: AbortSignal): Promise<ServiceEntry> => {
      const changes = this.#changes;
      const { bus, describer } = this.#options;
      const connection = await bus.get(shared);
      const entry = await describer.describe({
        bus: connection,
        target: this.target,
        service,
        isRunning,
        mustBeFresh,
        signal: shared,
      });
      // Who told nothing may answer the next time.
      if (!entry.isSilent && changes === this.#changes) this.#entries.set(service, entry);
      return entry;
    };
    return await this.#flights.run(`${mustBeFresh ? "fresh " : ""}${service}`, work, { signal });
  }

  async #describeIfThere(service: string, signal: AbortSignal): Promise<ServiceEntry | undefined> {
    try {
      return await this.describe(service, signal);
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof UnknownMemberError) return undefined;
      throw error;
    }
  }

  /** A service that ends and can be started again is still there: its description stays until it is back. */
  #forget(service: string | undefined): void {
    this.#changes += 1;
    if (service === undefined) {
      this.#entries.clear();
    } else {
      const stays = this.#names?.isActivatable(service) === true && !this.#names.isRunning(service);
      if (!stays) this.#entries.delete(service);
    }
    this.#options.onChange(service);
  }
}

function unknownService(service: string, names: BusNames): UnknownMemberError {
  const last = service.split(".").at(-1)?.toLowerCase() ?? "";
  const nearest = names
    .all()
    .filter((name) => last !== "" && name.toLowerCase().includes(last))
    .slice(0, 3);
  return new UnknownMemberError(
    `service ${JSON.stringify(service.slice(0, 255))} on this bus`,
    nearest,
  );
}
