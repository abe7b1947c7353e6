import {
  createSemaphore,
  createSingleFlight,
  type Clock,
  type Logger,
  type SingleFlight,
} from "op-core";
import type { BusConnection, EventStream } from "../../connection/bus-connection.ts";
import { listServices, type BusService } from "../../introspection/list-services.ts";
import { watchServices, type ServiceChange } from "../../introspection/watch-services.ts";
import type { BusTarget } from "../buses/bus-target.ts";
import type { LazyBus } from "../buses/lazy-bus.ts";
import { BusUnavailableError, UnknownMemberError } from "../dbus-tools-error.ts";
import type { ServiceDescriber } from "./service-describer.ts";
import type { InterfaceEntry, ServiceEntry } from "./service-entry.ts";

/** What the catalogue of a bus is made of. */
export interface BusCatalogueOptions {
  readonly bus: LazyBus;
  readonly describer: ServiceDescriber;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Told of a service that appeared, vanished, or was started, stopped or replaced. */
  readonly onChange: (service: string) => void;
}

/** A service as it was described, and whether something happened to it since. */
interface Known {
  readonly entry: ServiceEntry;
  isStale: boolean;
}

/** The services of a bus, followed. */
interface Following extends AsyncDisposable {
  readonly bus: BusConnection;
}

const servicesAtOnce = 4;

/** The services of one bus and what they offer. Nothing is connected to or asked before the first question. */
export class BusCatalogue implements AsyncDisposable {
  readonly target: BusTarget;
  readonly #options: BusCatalogueOptions;
  readonly #closing = new AbortController();
  readonly #known = new Map<string, Known>();
  readonly #flights: SingleFlight<string, ServiceEntry> = createSingleFlight();
  readonly #opening: SingleFlight<"following", Following> = createSingleFlight();
  #following: Following | undefined;
  /** Services that are being described, until something happens to them: the answer is older then. */
  readonly #undisturbed = new Map<string, symbol>();

  constructor(options: BusCatalogueOptions) {
    this.#options = options;
    this.target = options.bus.target;
  }

  /**
   * The connection, with its services followed; the first call connects. Rejects with `ERR_DBUS_UNAVAILABLE` while the
   * bus is gone.
   */
  async connection(signal: AbortSignal): Promise<BusConnection> {
    const following =
      this.#following ?? (await this.#opening.run("following", () => this.#follow(), { signal }));
    if (following.bus.uniqueName === undefined) {
      throw new BusUnavailableError(
        this.target.name,
        "the connection to it was lost, and comes back by itself when the bus does.",
        { canComeBack: true },
      );
    }
    return following.bus;
  }

  /** The services that run or can be started, now. */
  async services(signal: AbortSignal): Promise<readonly BusService[]> {
    return await listServices(await this.connection(signal), { signal });
  }

  /** What a service offers; rejects with `ERR_DBUS_UNKNOWN` for a name that neither runs nor can be started. */
  async describe(service: string, signal: AbortSignal): Promise<ServiceEntry> {
    const known = this.#known.get(service);
    if (known?.isStale === false) return known.entry;
    return await this.#ask(service, { mustBeFresh: false, signal });
  }

  /** An interface of a service, if it is known already; asks nobody. */
  knownInterface(service: string, interfaceName: string): InterfaceEntry | undefined {
    return this.#known.get(service)?.entry.interfaces.get(interfaceName);
  }

  /** What a service offers now, with the objects it has now. */
  async describeAnew(service: string, signal: AbortSignal): Promise<ServiceEntry> {
    return await this.#ask(service, { mustBeFresh: true, signal });
  }

  /** Describes several services, a few at a time. */
  async describeMany(
    services: readonly BusService[],
    signal: AbortSignal,
  ): Promise<readonly ServiceEntry[]> {
    const semaphore = createSemaphore({ permits: servicesAtOnce, maxQueue: services.length });
    const describeOne = (service: BusService): Promise<ServiceEntry> =>
      semaphore.run(() => this.#describeOne(service, signal), { signal });
    return await Promise.all(services.map(describeOne));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    await this.#following?.[Symbol.asyncDispose]();
  }

  async #follow(): Promise<Following> {
    const { signal } = this.#closing;
    const { bus, clock, logger } = this.#options;
    const connection = await bus.get(signal);
    await using guard = new AsyncDisposableStack();
    // Changes count at once: they are gathered where tools are made of them.
    const { isLocal } = this.target;
    const changes = guard.use(
      await watchServices(connection, { clock, logger, isLocal, debounceMs: 0 }),
    );
    signal.throwIfAborted();
    guard.move();
    const reading = this.#read(changes);
    this.#following = {
      bus: connection,
      [Symbol.asyncDispose]: async () => {
        await changes[Symbol.asyncDispose]();
        await reading;
      },
    };
    return this.#following;
  }

  async #read(changes: EventStream<ServiceChange>): Promise<void> {
    let dropped = 0;
    for await (const { kind, name } of changes) {
      this.#notice(kind, name);
      if (changes.dropped === dropped) continue;
      ({ dropped } = changes);
      for (const known of this.#known.values()) known.isStale = true;
    }
  }

  #notice(kind: ServiceChange["kind"], service: string): void {
    const known = this.#known.get(service);
    // What there was at the beginning appears as well; what is known of it is no older.
    if (kind === "appeared" && known !== undefined) return;
    if (kind !== "appeared") this.#undisturbed.delete(service);
    if (kind === "vanished") this.#known.delete(service);
    else if (known !== undefined) known.isStale = true;
    this.#options.onChange(service);
  }

  async #ask(
    service: string,
    { mustBeFresh, signal }: { readonly mustBeFresh: boolean; readonly signal: AbortSignal },
  ): Promise<ServiceEntry> {
    const services = await this.services(signal);
    const found = services.find(({ name }) => name === service);
    if (found === undefined) throw unknownService(service, services);
    return await this.#share(found, { mustBeFresh, signal });
  }

  async #describeOne(service: BusService, signal: AbortSignal): Promise<ServiceEntry> {
    const known = this.#known.get(service.name);
    if (known?.isStale === false) return known.entry;
    return await this.#share(service, { mustBeFresh: false, signal });
  }

  /** Everybody who asks the same at the same time shares the answer. */
  async #share(
    service: BusService,
    { mustBeFresh, signal }: { readonly mustBeFresh: boolean; readonly signal: AbortSignal },
  ): Promise<ServiceEntry> {
    const key = `${mustBeFresh ? "fresh " : ""}${service.name}`;
    const work = (shared: AbortSignal): Promise<ServiceEntry> =>
      this.#describe(service, mustBeFresh, shared);
    return await this.#flights.run(key, work, { signal });
  }

  async #describe(
    { name: service, isRunning }: BusService,
    mustBeFresh: boolean,
    signal: AbortSignal,
  ): Promise<ServiceEntry> {
    const known = this.#known.get(service);
    // A service that has ended and can be started again is what it was.
    if (!isRunning && known !== undefined) return known.entry;
    const token = Symbol(service);
    this.#undisturbed.set(service, token);
    const { target } = this;
    const bus = await this.connection(signal);
    const request = { bus, target, service, isRunning, mustBeFresh, signal };
    const entry = await this.#options.describer.describe(request);
    const isStale = this.#undisturbed.get(service) !== token;
    if (!isStale) this.#undisturbed.delete(service);
    // Who told nothing may answer the next time.
    if (!entry.isSilent) this.#known.set(service, { entry, isStale });
    return entry;
  }
}

function unknownService(service: string, services: readonly BusService[]): UnknownMemberError {
  const last = service.split(".").at(-1)?.toLowerCase() ?? "";
  const near = services.filter(({ name }) => last !== "" && name.toLowerCase().includes(last));
  return new UnknownMemberError(
    `service ${JSON.stringify(service.slice(0, 255))} on this bus`,
    near.slice(0, 3).map(({ name }) => name),
  );
}
