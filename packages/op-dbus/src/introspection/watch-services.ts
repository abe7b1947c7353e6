import { isOpError, silentLogger, systemClock, type Clock, type Logger, type Timer } from "op-core";
import type {
  BusConnection,
  ConnectionEvent,
  EventStream,
  Signal,
} from "../connection/bus-connection.ts";
import { busInterface, busName, busPath } from "../connection/bus-driver-names.ts";
import { EventBuffer } from "../connection/event-buffer.ts";
import { CallFailedError } from "../dbus-error.ts";
import { isWellKnownName, type WellKnownName } from "../names/bus-name.ts";
import { createProxy } from "../proxy/proxy.ts";
import { busInterfaceShape } from "../proxy/standard-interfaces.ts";
import { listServices } from "./list-services.ts";
import { identifyService } from "./service-identity.ts";

/** Something that happened to a service. */
export interface ServiceChange {
  /**
   * `appeared`: it runs or can be started, which was not so before. `vanished`: neither is so any more.
   * `changed-owner`: it was started, stopped or replaced, and can still be called.
   */
  readonly kind: "appeared" | "vanished" | "changed-owner";
  readonly name: WellKnownName;
  /** Which program answers now, as `identifyService` says; undefined when none does or it cannot be known. */
  readonly identity: string | undefined;
}

/** How services are watched. */
export interface WatchServicesOptions {
  readonly clock?: Clock;
  readonly logger?: Logger;
  readonly signal?: AbortSignal | undefined;
  /** For how long changes are gathered before they are told; half a second unless told. */
  readonly debounceMs?: number;
  /** Whether the programs run on this machine, so that they can be identified; they do unless told. */
  readonly isLocal?: boolean;
  /** How many changes wait for the reader; 4096 unless told. */
  readonly bufferSize?: number;
}

/**
 * Tells what happens to the services of a bus, beginning with those that there are, which all appear. Changes are
 * gathered, so that a service that is replaced, or comes and goes, is told once. When the bus was gone, services that
 * run again have changed their owner, and those that do not have vanished. Starts nothing, and needs one match rule. Disposing the stream ends it.
 */
export async function watchServices(
  bus: BusConnection,
  options: WatchServicesOptions = {},
): Promise<EventStream<ServiceChange>> {
  const { signal } = options;
  const rule = { sender: busName, path: busPath, interface: busInterface };
  const signals = await bus.subscribe(rule, { signal });
  const events = bus.events();
  const watch = new ServiceWatch(bus, signals, events, options);
  try {
    await watch.begin();
  } catch (error) {
    await watch.changes[Symbol.asyncDispose]();
    throw error;
  }
  return watch.changes;
}

/** Who has a name; the empty string when nobody does but the service can be started. */
type Owners = ReadonlyMap<WellKnownName, string>;

/** Who had a name on a bus that is gone. */
const unknownOwner = "?";

class ServiceWatch {
  readonly changes: EventBuffer<ServiceChange>;
  readonly #bus: BusConnection;
  readonly #signals: EventStream<Signal>;
  readonly #events: EventStream<ConnectionEvent>;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #options: WatchServicesOptions;
  readonly #ended = new AbortController();
  /** What the reader was told. */
  readonly #told = new Map<WellKnownName, string>();
  #activatable: ReadonlySet<string> = new Set();
  /** Owners the bus told of and the reader does not know. */
  #news = new Map<WellKnownName, string>();
  /** Whether the news are not all there is to know, so that the bus has to be asked. */
  #isStale = true;
  #timer: Timer | undefined;
  #telling: Promise<void> = Promise.resolve();

  constructor(
    bus: BusConnection,
    signals: EventStream<Signal>,
    events: EventStream<ConnectionEvent>,
    options: WatchServicesOptions,
  ) {
    const { clock = systemClock, logger = silentLogger, signal, bufferSize = 4096 } = options;
    this.#bus = bus;
    this.#signals = signals;
    this.#events = events;
    this.#clock = clock;
    this.#logger = logger;
    this.#options = options;
    this.changes = new EventBuffer({ size: bufferSize, signal, onEnd: () => this.#end() });
  }

  /** Tells what there is, and follows what happens from then on. */
  async begin(): Promise<void> {
    void this.#followSignals();
    void this.#followEvents();
    const told = this.#tell();
    this.#telling = told.catch(() => undefined);
    await told;
  }

  #end(): void {
    this.#ended.abort();
    this.#timer?.[Symbol.dispose]();
    void this.#signals[Symbol.asyncDispose]();
    void this.#events[Symbol.asyncDispose]();
  }

  async #followSignals(): Promise<void> {
    let dropped = 0;
    try {
      for await (const signal of this.#signals) {
        this.#isStale ||= this.#signals.dropped > dropped;
        dropped = this.#signals.dropped;
        this.#notice(signal);
      }
      this.changes.end();
    } catch {
      // The caller's signal ended both streams, and says so to whoever reads.
    }
  }

  async #followEvents(): Promise<void> {
    for await (const { kind } of this.#events) {
      if (kind !== "reconnected") continue;
      // Another bus gives the same unique names to others.
      for (const [name, owner] of this.#told) if (owner !== "") this.#told.set(name, unknownOwner);
      this.#isStale = true;
      this.#plan();
    }
  }

  #notice({ member, body: [name, , owner] }: Signal): void {
    if (member === "ActivatableServicesChanged") this.#isStale = true;
    else if (member !== "NameOwnerChanged" || typeof owner !== "string") return;
    else if (typeof name !== "string" || !isWellKnownName(name)) return;
    else this.#news.set(name, owner);
    this.#plan();
  }

  #plan(): void {
    if (this.#ended.signal.aborted) return;
    this.#timer ??= this.#clock.startTimer(this.#options.debounceMs ?? 500, () => {
      this.#timer = undefined;
      this.#telling = this.#tellAgain(this.#telling);
    });
  }

  /** One after the other, so that changes are told in the order they happened in. */
  async #tellAgain(before: Promise<void>): Promise<void> {
    await before;
    try {
      await this.#tell();
    } catch (error) {
      if (this.#ended.signal.aborted) return;
      if (!isOpError(error)) throw error;
      // When the bus is back everything is asked again.
      this.#isStale = true;
      this.#logger.debug("the services of a bus could not be listed", { error });
    }
  }

  async #tell(): Promise<void> {
    const next = await this.#learn();
    for (const name of new Set([...this.#told.keys(), ...next.keys()])) {
      const before = this.#told.get(name);
      const after = next.get(name);
      if (before === after) continue;
      const kind =
        before === undefined ? "appeared" : after === undefined ? "vanished" : "changed-owner";
      const identity = await this.#identify(name, after);
      if (this.#ended.signal.aborted) return;
      if (after === undefined) this.#told.delete(name);
      else this.#told.set(name, after);
      this.changes.push({ kind, name, identity });
    }
  }

  /** What is so now, as far as the bus has told or is asked. */
  async #learn(): Promise<Owners> {
    if (this.#isStale) return await this.#list();
    const news = this.#news;
    this.#news = new Map();
    const next = new Map(this.#told);
    for (const [name, owner] of news) {
      if (owner !== "" || this.#activatable.has(name)) next.set(name, owner);
      else next.delete(name);
    }
    return next;
  }

  /** News that come meanwhile are newer than the answers, or the same. */
  async #list(): Promise<Owners> {
    this.#isStale = false;
    this.#news = new Map();
    const options = { signal: this.#ended.signal };
    const services = await listServices(this.#bus, options);
    const driver = createProxy(this.#bus, busInterfaceShape, {
      destination: busName,
      path: busPath,
    });
    const owners = await Promise.all(
      services.map(async ({ name, isRunning }) => {
        if (!isRunning) return "";
        const [owner] = await driver.call("GetNameOwner", [name], options).catch(nobody);
        return owner;
      }),
    );
    const activatable = services.filter(({ isActivatable }) => isActivatable);
    this.#activatable = new Set(activatable.map(({ name }) => name));
    const entries = services.map(({ name }, index) => [name, owners[index] ?? ""] as const);
    return new Map(entries.filter(([name, owner]) => owner !== "" || this.#activatable.has(name)));
  }

  async #identify(name: WellKnownName, owner: string | undefined): Promise<string | undefined> {
    const { isLocal = true } = this.#options;
    if (!isLocal || owner === undefined || owner === "") return undefined;
    return await identifyService(this.#bus, name, { signal: this.#ended.signal });
  }
}

/** A name may be given up between being listed and being asked for. */
function nobody(error: unknown): readonly [string] {
  if (error instanceof CallFailedError) return [""];
  throw error;
}
