import { join } from "node:path";
import type { Clock, Logger } from "op-core";
import type { Tool } from "op-tools";
import { openBusConnection } from "../connection/open-bus-connection.ts";
import { createServiceTreeCache } from "../introspection/service-tree-cache.ts";
import type { BusTarget, ConnectBus } from "./buses/bus-target.ts";
import { LazyBus } from "./buses/lazy-bus.ts";
import { checkBus } from "./buses/service-owners.ts";
import { OwnerTrust } from "./buses/owner-trust.ts";
import { ExpectedOwners } from "./calls/expected-owners.ts";
import { BusCatalogue } from "./catalogue/bus-catalogue.ts";
import { MemberSearch } from "./catalogue/member-search.ts";
import { ServiceDescriber } from "./catalogue/service-describer.ts";
import type { DBusConfig } from "./dbus-config.ts";
import type { DBusRuntime } from "./dbus-runtime.ts";
import { EventSubscriptions } from "./events/event-subscriptions.ts";
import { SystemdSubscription } from "./events/systemd-subscription.ts";
import { Gate } from "./gate/gate.ts";
import { ObjectReader } from "./resources/object-reader.ts";
import type { ObjectPlace } from "./resources/object-uri.ts";
import { createProfile, everything } from "./typed/profile.ts";
import { VisibleTools } from "./typed/visible-tools.ts";

/** What the buses of one machine are used with. */
export interface MachineOptions {
  /** The name of the source its tools belong to. */
  readonly source: string;
  /** What the names of its tools begin with. */
  readonly prefix: string;
  readonly targets: readonly BusTarget[];
  readonly config: DBusConfig;
  readonly cacheDirectory?: string | undefined;
  readonly connect?: ConnectBus | undefined;
  readonly ownUid: number | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Told of a service that tools are made of and that came, went or changed. */
  readonly onServiceChange: () => void;
  /** Told of a signal of an object that is read or followed as a resource. */
  readonly onObjectChange: (place: ObjectPlace) => void;
}

/** Everything that knows the buses of one machine. Nothing is connected to before it is asked for something. */
export class Machine implements AsyncDisposable {
  readonly visible: VisibleTools;
  readonly reader: ObjectReader;
  readonly #options: MachineOptions;
  readonly #runtime: DBusRuntime;
  readonly #search: MemberSearch;
  readonly #subscriptions: EventSubscriptions;
  readonly #stack = new AsyncDisposableStack();

  constructor(options: MachineOptions) {
    this.#options = options;
    const { config, onObjectChange: onEvent, logger } = options;
    const systemd = new SystemdSubscription(logger);
    const leaving = new AbortController();
    const runtime = createRuntime(options, (catalogue, service) => {
      if (this.visible.concerns(service)) options.onServiceChange();
      void systemd.renew(catalogue, service, leaving.signal).catch(() => undefined); // Leaving.
    });
    this.#runtime = runtime;
    for (const bus of runtime.buses) this.#stack.use(bus);
    for (const catalogue of runtime.catalogues) this.#stack.use(catalogue);
    const parts = { runtime, systemd, ...config.events };
    this.#subscriptions = this.#stack.use(new EventSubscriptions(parts));
    const subscriptions = this.#stack.use(new EventSubscriptions(parts));
    this.reader = new ObjectReader({ runtime, subscriptions, onEvent });
    this.#search = this.#stack.use(new MemberSearch(runtime));
    this.#stack.defer(() => leaving.abort());
    this.visible = createVisible(options, runtime);
  }

  /** Makes the tools that work on any service. */
  async metaTools(): Promise<readonly Tool[]> {
    const { createMetaTools } = await import("./meta/meta-tools.ts");
    const { source, prefix } = this.#options;
    const search = this.#search;
    const subscriptions = this.#subscriptions;
    return createMetaTools({ runtime: this.#runtime, search, subscriptions, source, prefix });
  }

  /** Resolves when every bus answers; connects where nobody has. */
  async check(signal: AbortSignal): Promise<void> {
    const { buses, times } = this.#runtime;
    const options = { signal, timeoutMs: times.callTimeoutMs };
    await Promise.all(buses.map(async (bus) => checkBus(await bus.get(signal), options)));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync();
  }
}

function createRuntime(
  options: MachineOptions,
  onChange: (catalogue: BusCatalogue, service: string) => void,
): DBusRuntime {
  const { targets, config, cacheDirectory, ownUid, clock, logger } = options;
  const { connect = openBusConnection } = options;
  const directory = cacheDirectory === undefined ? undefined : join(cacheDirectory, "dbus");
  const describer = new ServiceDescriber({
    ...config.crawl,
    logger,
    ...(directory === undefined ? {} : { cache: createServiceTreeCache({ directory }) }),
  });
  const buses = targets.map((target) => new LazyBus({ target, connect, clock, logger }));
  const catalogues = buses.map((bus): BusCatalogue => {
    const catalogue: BusCatalogue = new BusCatalogue({
      bus,
      describer,
      clock,
      logger,
      onChange: (service) => onChange(catalogue, service),
    });
    return catalogue;
  });
  const { timeoutMs: callTimeoutMs, interactiveTimeoutMs } = config.calls;
  return {
    buses,
    catalogues,
    gate: new Gate({ access: config.access, agents: config.namePatterns }),
    trust: new OwnerTrust({ trustedUsers: config.trustedUsers, ownUid }),
    expected: new ExpectedOwners(),
    times: { callTimeoutMs, interactiveTimeoutMs },
    clock,
    logger,
  };
}

function createVisible(
  { config, source, prefix, logger }: MachineOptions,
  runtime: DBusRuntime,
): VisibleTools {
  const { catalogue, profile, maxTools, namePatterns } = config;
  const isAll = catalogue === "all";
  return new VisibleTools({
    runtime,
    source,
    prefix,
    profile: isAll ? everything : createProfile(profile),
    maxTools: isAll ? Infinity : maxTools,
    agents: namePatterns,
    logger,
  });
}
