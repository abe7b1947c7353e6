import { isOpError, type JsonObject, type JsonValue } from "op-core";
import type { Completion, CompletionRequest, ReadOptions, SourceOptions } from "op-tools";
import type { Caller } from "../../access/access-decision.ts";
import { prepareGet } from "../calls/action.ts";
import { interfacesAt } from "../calls/find-interface.ts";
import type { BusCatalogue } from "../catalogue/bus-catalogue.ts";
import { UnknownMemberError } from "../dbus-tools-error.ts";
import { catalogueOf, type DBusRuntime } from "../dbus-runtime.ts";
import type { EventSubscriptions } from "../events/event-subscriptions.ts";
import { checkListening, type Listening } from "../events/listening.ts";
import { checkLooking } from "../gate/check-looking.ts";
import { callerOfPrincipal } from "../gate/gate.ts";
import type { ObjectPlace } from "./object-uri.ts";

/** What reading objects takes. */
export interface ObjectReaderOptions {
  readonly runtime: DBusRuntime;
  readonly subscriptions: EventSubscriptions;
  /** Told of each signal of an object that was read or is followed. */
  readonly onEvent: (place: ObjectPlace) => void;
}

interface Reading {
  readonly catalogue: BusCatalogue;
  readonly caller: Caller;
  readonly signal: AbortSignal;
  /** What the object offers; nothing when no such object answers. */
  readonly interfaces: ReadonlySet<string>;
}

interface RecentSignals {
  readonly signals: readonly JsonObject[];
  /** How many there were that are no longer kept, where there were any. */
  readonly dropped: JsonObject;
}

const recentSignals = 16;
const mostCompletions = 100;

/** Reads objects with all their properties, and hears their signals. Starts nothing. */
export class ObjectReader {
  readonly #options: ObjectReaderOptions;

  constructor(options: ObjectReaderOptions) {
    this.#options = options;
  }

  /** An object's properties by interface and its last signals; undefined when no such object answers. */
  async read(place: ObjectPlace, options: ReadOptions): Promise<JsonObject | undefined> {
    const reading = await this.#look(place, options);
    if (reading.interfaces.size === 0) return undefined;
    const { signals, dropped } = await this.#recentSignals(place, reading);
    const entries = await Promise.all(
      [...reading.interfaces].map(async (name): Promise<[string, JsonValue]> => [
        name,
        await this.#readInterface({ ...place, interface: name }, reading),
      ]),
    );
    return { ...place, interfaces: Object.fromEntries(entries), signals, ...dropped };
  }

  /** Hears an object's signals until the signal aborts; false when no such object answers. */
  async follow(place: ObjectPlace, options: ReadOptions): Promise<boolean> {
    const reading = await this.#look(place, options);
    if (reading.interfaces.size === 0) return false;
    const { subscriptions, onEvent } = this.#options;
    const { signal } = options;
    await subscriptions.follow(this.#listening(place, reading), {
      signal,
      onEvent: () => onEvent(place),
    });
    return true;
  }

  /** Names of services, or paths of a service's objects, that begin with a text. */
  async complete(
    bus: string,
    { argument, value, known }: CompletionRequest,
    { signal }: SourceOptions,
  ): Promise<Completion> {
    const catalogue = catalogueOf(this.#options.runtime, bus);
    const values = await valuesOf(catalogue, { argument, known, signal });
    const fitting = values.filter((candidate) => candidate.startsWith(value));
    return { values: fitting.slice(0, mostCompletions), total: fitting.length };
  }

  async #look(place: ObjectPlace, { principal, signal }: ReadOptions): Promise<Reading> {
    const { runtime } = this.#options;
    const caller = callerOfPrincipal(principal);
    const catalogue = catalogueOf(runtime, place.bus);
    checkLooking(runtime.gate, caller, place);
    const interfaces = new Set((await interfacesAt(catalogue, place, signal)).keys());
    return { catalogue, caller, signal, interfaces };
  }

  #listening({ service, path }: ObjectPlace, { catalogue, caller }: Reading): Listening {
    const { runtime } = this.#options;
    const listening: Listening = { runtime, catalogue, selection: { service, path }, caller };
    checkListening(listening);
    return listening;
  }

  /** Hears the object's signals before it is read, so that a change after the reading is told. */
  async #recentSignals(place: ObjectPlace, reading: Reading): Promise<RecentSignals> {
    const { subscriptions, onEvent } = this.#options;
    const { signal } = reading;
    const subscription = await subscriptions.get(this.#listening(place, reading), {
      signal,
      onEvent: () => onEvent(place),
    });
    const { dropped } = subscription;
    const signals = subscription
      .peek(recentSignals)
      .map(({ at, interface: name, member, args }) => ({
        time: new Date(at).toISOString(),
        interface: name,
        member,
        args,
      }));
    return { signals, dropped: dropped === 0 ? {} : { droppedSignals: dropped } };
  }

  /** An interface that may not be read, or that fails, does not keep the others from being read. */
  async #readInterface(
    place: ObjectPlace & { readonly interface: string },
    { caller, signal }: Reading,
  ): Promise<JsonObject> {
    try {
      const asking = { caller, canBeApproved: false, requestId: "resource", signal };
      const action = await prepareGet(this.#options.runtime, place, asking);
      return await action.perform(signal);
    } catch (error) {
      signal.throwIfAborted();
      if (!isOpError(error)) throw error;
      // Many interfaces have no properties.
      return error instanceof UnknownMemberError ? {} : { problem: error.message };
    }
  }
}

async function valuesOf(
  catalogue: BusCatalogue,
  { argument, known, signal }: Pick<CompletionRequest, "argument" | "known"> & SourceOptions,
): Promise<readonly string[]> {
  if (argument === "service") {
    const services = await catalogue.services(signal);
    return services.map(({ name }) => name);
  }
  const { service } = known;
  if (argument !== "path" || service === undefined) return [];
  const { interfaces } = await catalogue.describe(service, signal);
  return [...new Set([...interfaces.values()].flatMap(({ paths }) => paths.all))].toSorted();
}
