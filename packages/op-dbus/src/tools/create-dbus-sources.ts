import { join } from "node:path";
import { silentLogger, systemClock, type Clock, type Logger } from "op-core";
import type { ResourceSource, ToolSource } from "op-tools";
import { classify } from "../access/classify.ts";
import { createAccessRules } from "../access/access-rules.ts";
import { openBusConnection } from "../connection/open-bus-connection.ts";
import { createServiceTreeCache } from "../introspection/service-tree-cache.ts";
import { defaultSystemBusAddress } from "../link/bus-address.ts";
import { sshBusCommand } from "../link/bus-command.ts";
import type { BusTarget, ConnectBus } from "./buses/bus-target.ts";
import { LazyBus } from "./buses/lazy-bus.ts";
import { OwnerTrust } from "./buses/owner-trust.ts";
import { ExpectedOwners } from "./calls/expected-owners.ts";
import { BusCatalogue } from "./catalogue/bus-catalogue.ts";
import { MemberSearch } from "./catalogue/member-search.ts";
import { ServiceDescriber } from "./catalogue/service-describer.ts";
import type { DBusConfig } from "./dbus-config.ts";
import type { DBusRuntime } from "./dbus-runtime.ts";
import { DBusToolSource } from "./dbus-tool-source.ts";
import { EventSubscriptions } from "./events/event-subscriptions.ts";
import { SystemdSubscription } from "./events/systemd-subscription.ts";
import { Gate } from "./gate/gate.ts";
import { ObjectResources } from "./resources/object-resources.ts";
import { createProfile, everything } from "./typed/profile.ts";
import { prefixOf } from "./typed/tool-names.ts";
import { VisibleTools } from "./typed/visible-tools.ts";

/** What the tools and resources of D-Bus are made of. */
export interface DBusSourcesOptions {
  readonly config: DBusConfig;
  /** What `auto` means for the session bus, which the environment knows; without it there is none. */
  readonly sessionBusAddress?: string | undefined;
  /** What `auto` means for the system bus; the usual socket unless told. */
  readonly systemBusAddress?: string | undefined;
  /** Where what services look like is kept between runs. */
  readonly cacheDirectory?: string;
  /** Opens connections; `openBusConnection` unless told. */
  readonly connect?: ConnectBus;
  /** The user this process runs as; asked of Node unless told. */
  readonly ownUid?: number | undefined;
  readonly clock?: Clock;
  readonly logger?: Logger;
}

/** The tools and resources of one machine. They share one connection to each bus. */
export interface DBusSource extends AsyncDisposable {
  readonly name: string;
  readonly tools: ToolSource;
  readonly resources: ResourceSource;
}

/**
 * Makes the sources of this machine and of each configured host. Nothing is connected to or asked until something is
 * listed, searched or called. Throws `ERR_DBUS_ACCESS_RULE` for rules that make no sense, `ERR_DBUS_ADDRESS` for hosts.
 */
export function createDBusSources(options: DBusSourcesOptions): readonly DBusSource[] {
  const { config, logger = silentLogger } = options;
  if (ownUidOf(options) === 0) {
    logger.warn(
      "this process runs as root, whom no service asks for permission: the access rules alone protect this machine",
    );
  }
  const local = localTargets(options);
  const hosts = config.hosts.map(toTarget);
  return [
    ...(local.length === 0 ? [] : [createSource(options, { targets: local })]),
    ...hosts.map((target) => createSource(options, { targets: [target], host: target.name })),
  ];
}

function localTargets(options: DBusSourcesOptions): readonly BusTarget[] {
  const { config, systemBusAddress = defaultSystemBusAddress, sessionBusAddress } = options;
  return [
    ...localTarget("system", addressOf(config.system, systemBusAddress)),
    ...localTarget("session", addressOf(config.session, sessionBusAddress)),
  ];
}

function localTarget(kind: BusTarget["kind"], address: string | undefined): readonly BusTarget[] {
  return address === undefined ? [] : [{ name: kind, kind, way: { address }, isLocal: true }];
}

function addressOf(configured: string, automatic: string | undefined): string | undefined {
  if (configured === "none") return undefined;
  return configured === "auto" ? automatic : configured;
}

function toTarget({ name, address, ...host }: DBusConfig["hosts"][number]): BusTarget {
  const { ssh, user, port } = host;
  const login = { ...(user === "" ? {} : { user }), ...(port === 0 ? {} : { port }) };
  const way = address === "" ? { command: sshBusCommand({ host: ssh, ...login }) } : { address };
  return { name, kind: "system", way, isLocal: false };
}

function createSource(
  options: DBusSourcesOptions,
  { targets, host }: { readonly targets: readonly BusTarget[]; readonly host?: string },
): DBusSource {
  return new MachineSource(options, targets, host);
}

/** Everything of one machine, closed in the reverse order of its making. */
class MachineSource implements DBusSource {
  readonly name: string;
  readonly tools: DBusToolSource;
  readonly resources: ObjectResources;
  readonly #stack = new AsyncDisposableStack();
  #closing: Promise<void> | undefined;

  constructor(
    options: DBusSourcesOptions,
    targets: readonly BusTarget[],
    host: string | undefined,
  ) {
    const { config, clock = systemClock, logger = silentLogger } = options;
    this.name = host === undefined ? "dbus" : `dbus-${host}`;
    const systemd = new SystemdSubscription(logger);
    const leaving = new AbortController();
    this.#stack.defer(() => leaving.abort());
    const runtime = createRuntime(options, targets, (catalogue, service) => {
      this.tools.notice(service);
      void systemd.renew(catalogue, service, leaving.signal).catch(() => undefined); // Leaving.
    });
    for (const bus of runtime.buses) this.#stack.use(bus);
    for (const catalogue of runtime.catalogues) this.#stack.use(catalogue);
    const { events } = config;
    const subscriptions = this.#stack.use(new EventSubscriptions({ runtime, systemd, ...events }));
    const search = this.#stack.use(new MemberSearch(runtime));
    const prefix = prefixOf(host);
    const parts = { runtime, search, subscriptions, source: this.name, prefix };
    this.tools = new DBusToolSource({
      name: this.name,
      metaTools: async () => (await import("./meta/meta-tools.ts")).createMetaTools(parts),
      visible: createVisible(options, { runtime, source: this.name, prefix }),
      basis: basisOf(config, targets),
      ...stampFileOf(options, this.name),
      followAfterMs: config.followAfterMs,
      clock,
      logger,
    });
    this.resources = new ObjectResources({
      name: this.name,
      runtime,
      subscriptions: new EventSubscriptions({
        runtime,
        systemd,
        ...events,
        idleMs: resourceIdleMs,
      }),
    });
    this.#stack.use(this.resources);
    this.#stack.use(this.tools);
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#closing ??= this.#stack.disposeAsync();
    return this.#closing;
  }
}

/** Whoever subscribed to a resource hears of it for as long as it is read once a day. */
const resourceIdleMs = 24 * 60 * 60 * 1000;
/** Changes with what tools look like, so that lists of earlier versions are not taken for those of this one. */
const listFormat = 1;

function createRuntime(
  options: DBusSourcesOptions,
  targets: readonly BusTarget[],
  onChange: (catalogue: BusCatalogue, service: string) => void,
): DBusRuntime {
  const { config, clock = systemClock, logger = silentLogger, cacheDirectory } = options;
  const { connect = openBusConnection } = options;
  const describer = new ServiceDescriber({
    ...config.crawl,
    logger,
    ...(cacheDirectory === undefined
      ? {}
      : { cache: createServiceTreeCache({ directory: join(cacheDirectory, "dbus") }) }),
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
    describer,
    gate: new Gate({
      rules: createAccessRules(config.access),
      classify,
      agents: config.namePatterns,
    }),
    trust: new OwnerTrust({ trustedUsers: config.trustedUsers, ownUid: ownUidOf(options) }),
    expected: new ExpectedOwners(),
    times: { callTimeoutMs, interactiveTimeoutMs },
    clock,
    logger,
  };
}

function createVisible(
  { config, logger = silentLogger }: DBusSourcesOptions,
  {
    runtime,
    source,
    prefix,
  }: { readonly runtime: DBusRuntime; readonly source: string; readonly prefix: string },
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

function basisOf(config: DBusConfig, targets: readonly BusTarget[]): string {
  const { catalogue, profile, maxTools, namePatterns, access } = config;
  const addresses = targets.map(({ name, way }) => [name, way]);
  return JSON.stringify([
    listFormat,
    addresses,
    catalogue,
    profile,
    maxTools,
    namePatterns,
    access,
  ]);
}

function stampFileOf(
  { cacheDirectory }: DBusSourcesOptions,
  name: string,
): { readonly stampFile?: string } {
  return cacheDirectory === undefined
    ? {}
    : { stampFile: join(cacheDirectory, "dbus", `${name}.stamp`) };
}

function ownUidOf(options: DBusSourcesOptions): number | undefined {
  return "ownUid" in options ? options.ownUid : process.geteuid?.();
}
