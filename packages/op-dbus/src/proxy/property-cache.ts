import { silentLogger, type Logger } from "op-core";
import type {
  BusConnection,
  CallOptions,
  EventStream,
  Signal,
} from "../connection/bus-connection.ts";
import { busInterface, busName } from "../connection/bus-driver-names.ts";
import type { ChangeNotice } from "../introspection/description.ts";
import type { Variant } from "../wire/value.ts";
import { bodyOf, isBodyOf } from "./body-type.ts";
import type { ObjectAddress } from "./proxy.ts";
import { propertiesInterface } from "./standard-interfaces.ts";

/** What a property cache is opened for. */
export interface PropertyCacheOptions extends ObjectAddress {
  readonly interface: string;
  /** How a property tells of its changes: `changeNoticeOf` knows it from a description. `value` unless told. */
  readonly noticeOf?: (property: string) => ChangeNotice;
  readonly logger?: Logger;
  /** Ends following: from then on every property is read every time. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * The properties of one interface of one object. A property that tells of its changes is read once and kept; one that
 * does not is read every time. What is kept is forgotten when the service or the bus goes away.
 */
export interface PropertyCache extends AsyncDisposable {
  /** A property's value; rejects as a call does. */
  get(name: string, options?: CallOptions): Promise<Variant>;
}

const anything = Symbol("any property");

class SignalledProperties implements PropertyCache {
  readonly #bus: BusConnection;
  readonly #options: PropertyCacheOptions;
  readonly #values = new Map<string, Variant>();
  /** Counts changes, so that an answer that was under way meanwhile is not kept. */
  #changes = 0;
  /** Nothing is kept unless every change is heard of. */
  #isFollowed = false;
  readonly #streams = new AsyncDisposableStack();
  readonly #loops: Promise<void>[] = [];

  constructor(bus: BusConnection, options: PropertyCacheOptions) {
    this.#bus = bus;
    this.#options = options;
  }

  async open(): Promise<void> {
    const { destination, path, interface: arg0, signal } = this.#options;
    const changes = { interface: propertiesInterface.name, member: "PropertiesChanged" };
    const options = { signal };
    this.#follow(this.#bus.events(), () => this.#forget(anything));
    const owners = { sender: busName, interface: busInterface, member: "NameOwnerChanged" };
    this.#follow(await this.#bus.subscribe({ ...owners, arg0: destination }, options), () =>
      this.#forget(anything),
    );
    const rule = { sender: destination, path, arg0, ...changes };
    this.#follow(await this.#bus.subscribe(rule, options), (change) => this.#apply(change));
    this.#isFollowed = signal?.aborted !== true;
  }

  async get(name: string, options?: CallOptions): Promise<Variant> {
    const known = this.#values.get(name);
    if (known !== undefined) return known;
    const { destination, path, interface: interfaceName, noticeOf } = this.#options;
    const changes = this.#changes;
    const target = { destination, path, interface: propertiesInterface.name, member: "Get" };
    const call = { ...target, signature: "ss", body: [interfaceName, name] };
    const reply = await this.#bus.call(call, options);
    const [value] = bodyOf(reply, "v", `The property ${interfaceName}.${name}`);
    const isKept = noticeOf?.(name) !== "none" && changes === this.#changes;
    if (isKept && this.#isFollowed) this.#values.set(name, value);
    return value;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#streams.disposeAsync();
    await Promise.all(this.#loops);
  }

  #apply(signal: Signal): void {
    const { body } = signal;
    if (!isBodyOf(body, signal, "sa{sv}as")) return;
    const [, changed, invalidated] = body;
    for (const name of invalidated) this.#forget(name);
    for (const [name, value] of changed) {
      this.#forget(name);
      if (this.#options.noticeOf?.(name) !== "none") this.#values.set(name, value);
    }
  }

  #forget(what: string | typeof anything): void {
    this.#changes += 1;
    if (what === anything) this.#values.clear();
    else this.#values.delete(what);
  }

  #follow<T>(stream: EventStream<T>, handle: (value: T) => void): void {
    this.#streams.use(stream);
    this.#loops.push(this.#read(stream, handle));
  }

  async #read<T>(stream: EventStream<T>, handle: (value: T) => void): Promise<void> {
    let dropped = 0;
    try {
      for await (const value of stream) {
        handle(value);
        if (stream.dropped === dropped) continue;
        // A change that was missed may have been of any property.
        dropped = stream.dropped;
        this.#forget(anything);
      }
    } catch (error) {
      const { logger = silentLogger } = this.#options;
      logger.debug("properties are not followed any more", { error });
    } finally {
      this.#isFollowed = false;
      this.#forget(anything);
    }
  }
}

/** Follows the properties of an interface; resolves when no change can be missed any more. */
export async function openPropertyCache(
  bus: BusConnection,
  options: PropertyCacheOptions,
): Promise<PropertyCache> {
  await using guard = new AsyncDisposableStack();
  const cache = guard.use(new SignalledProperties(bus, options));
  await cache.open();
  guard.move();
  return cache;
}
