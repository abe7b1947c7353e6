import { join } from "node:path";
import { silentLogger, systemClock, type Clock, type Logger } from "op-core";
import type { ResourceSource, ToolSource } from "op-tools";
import { defaultSystemBusAddress } from "../link/bus-address.ts";
import { sshBusCommand } from "../link/bus-command.ts";
import type { BusTarget, ConnectBus } from "./buses/bus-target.ts";
import type { DBusConfig } from "./dbus-config.ts";
import { BusUnavailableError } from "./dbus-tools-error.ts";
import { DBusToolSource } from "./dbus-tool-source.ts";
import type { Machine } from "./machine.ts";
import { ObjectResources } from "./resources/object-resources.ts";
import { prefixOf } from "./typed/tool-names.ts";

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

/** The tools and resources of one machine. They share one connection to each bus, which disposing this closes. */
export interface DBusSource extends AsyncDisposable {
  readonly name: string;
  readonly tools: ToolSource;
  readonly resources: ResourceSource;
  /** Resolves when every bus of the machine answers; rejects with `ERR_DBUS_UNAVAILABLE` where one cannot be reached. */
  check(options: { readonly signal: AbortSignal }): Promise<void>;
}

/**
 * Makes the sources of this machine and of each configured host. Nothing is loaded, connected to or asked until
 * something is listed, searched or called. Throws `ERR_DBUS_ADDRESS` for hosts that ssh cannot be told.
 */
export function createDBusSources(options: DBusSourcesOptions): readonly DBusSource[] {
  const { config } = options;
  const local = localTargets(options);
  const hosts = config.hosts.map(toTarget);
  return [
    ...(local.length === 0 ? [] : [new MachineSource(options, local)]),
    ...hosts.map((target) => new MachineSource(options, [target], target.name)),
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

/** One machine, of which most is loaded only when it is needed: a start with a manifest needs nothing of it. */
class MachineSource implements DBusSource {
  readonly name: string;
  readonly tools: DBusToolSource;
  readonly resources: ObjectResources;
  readonly #load: () => Promise<Machine>;
  #machine: Promise<Machine> | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: DBusSourcesOptions, targets: readonly BusTarget[], host?: string) {
    const { config, cacheDirectory, connect } = options;
    const { clock = systemClock, logger = silentLogger } = options;
    const name = host === undefined ? "dbus" : `dbus-${host}`;
    this.name = name;
    this.#load = async () => {
      const { Machine: Loaded } = await import("./machine.ts");
      return new Loaded({
        source: name,
        prefix: prefixOf(host),
        targets,
        config,
        cacheDirectory,
        connect,
        ownUid: ownUidOf(options),
        clock,
        logger,
        onServiceChange: () => this.tools.notice(),
        onObjectChange: (place) => this.resources.tellSoon(place),
      });
    };
    this.tools = new DBusToolSource({
      name,
      metaTools: async () => (await this.#open()).metaTools(),
      collect: async (signal) => (await this.#open()).visible.collect(signal),
      basis: basisOf(config, targets),
      ...(cacheDirectory === undefined
        ? {}
        : { stampFile: join(cacheDirectory, "dbus", `${name}.stamp`) }),
      followAfterMs: config.followAfterMs,
      clock,
      logger,
    });
    this.resources = new ObjectResources({
      name,
      buses: targets.map((target) => target.name),
      reader: async () => (await this.#open()).reader,
      clock,
    });
  }

  async check({ signal }: { readonly signal: AbortSignal }): Promise<void> {
    await (await this.#open()).check(signal);
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #open(): Promise<Machine> {
    if (this.#closing !== undefined) {
      throw new BusUnavailableError(this.name, "it is being closed.");
    }
    this.#machine ??= this.#load();
    return await this.#machine;
  }

  async #close(): Promise<void> {
    await using stack = new AsyncDisposableStack();
    stack.use(await this.#machine);
    stack.use(this.resources);
    stack.use(this.tools);
  }
}

/** Changes with what tools look like, so that lists of earlier versions are not taken for those of this one. */
const listFormat = 1;

function basisOf(config: DBusConfig, targets: readonly BusTarget[]): string {
  const { catalogue, profile, maxTools, namePatterns, access } = config;
  const ways = targets.map(({ name, way }) => [name, way]);
  return JSON.stringify([listFormat, ways, catalogue, profile, maxTools, namePatterns, access]);
}

function ownUidOf(options: DBusSourcesOptions): number | undefined {
  return "ownUid" in options ? options.ownUid : process.geteuid?.();
}
