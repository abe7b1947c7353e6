import type {
  BusConnection,
  CallOptions,
  EventStream,
  MethodCall,
  MethodReply,
  Signal,
  SubscribeOptions,
} from "../connection/bus-connection.ts";
import type { SignatureValue, SignatureValues } from "../signature/signature-value.ts";
import { Variant, type DBusValue } from "../wire/value.ts";
import { bodyOf, isBodyOf, valueOf } from "./body-type.ts";
import { memberOf, type InterfaceShape } from "./interface-shape.ts";
import { mapStream } from "./map-stream.ts";
import { propertiesInterface } from "./standard-interfaces.ts";

/** An object of a service. */
export interface ObjectAddress {
  readonly destination: string;
  readonly path: string;
}

type Names<T> = keyof T & string;
type In<T extends InterfaceShape, M extends Names<T["methods"]>> = SignatureValues<
  T["methods"][M]["in"]
>;
type Out<T extends InterfaceShape, M extends Names<T["methods"]>> = SignatureValues<
  T["methods"][M]["out"]
>;
type Property<T extends InterfaceShape, P extends Names<T["properties"]>> = SignatureValue<
  T["properties"][P]["type"]
>;

/** A signal's values and its origin. */
export interface ProxySignal<Values> {
  readonly path: string;
  readonly sender: string | undefined;
  readonly body: Values;
}

/** An interface of one object of a service, typed by the interface's shape. It holds nothing and needs no disposal. */
export interface Proxy<T extends InterfaceShape> extends ObjectAddress {
  readonly shape: T;
  /**
   * Calls a method and returns what it answers, as a tuple. Besides what a call rejects with, rejects with
   * `ERR_DBUS_UNEXPECTED_TYPE` when the answer is not of the type the shape says.
   */
  call<M extends Names<T["methods"]>>(
    member: M,
    args: In<T, M> & readonly DBusValue[],
    options?: CallOptions,
  ): Promise<Out<T, M>>;
  /** Reads a property from the service. */
  get<P extends Names<T["properties"]>>(name: P, options?: CallOptions): Promise<Property<T, P>>;
  /** Writes a property. */
  set<P extends Names<T["properties"]>>(
    name: P,
    value: Property<T, P> & DBusValue,
    options?: CallOptions,
  ): Promise<void>;
  /** Reads all properties of the interface, also those the shape does not know. */
  getAll(options?: CallOptions): Promise<ReadonlyMap<string, Variant>>;
  /** Resolves with a signal of this object once it is sent; signals that are not of the shape's type are skipped. */
  subscribe<S extends Names<T["signals"]>>(
    member: S,
    options?: SubscribeOptions,
  ): Promise<EventStream<ProxySignal<SignatureValues<T["signals"][S]["type"]>>>>;
}

/** Makes a proxy. Nothing is sent until it is used. */
export function createProxy<T extends InterfaceShape>(
  bus: BusConnection,
  shape: T,
  address: ObjectAddress,
): Proxy<T> {
  return new ShapedProxy(bus, shape, address);
}

class ShapedProxy<T extends InterfaceShape> implements Proxy<T> {
  readonly shape: T;
  readonly destination: string;
  readonly path: string;
  readonly #bus: BusConnection;

  constructor(bus: BusConnection, shape: T, { destination, path }: ObjectAddress) {
    this.#bus = bus;
    this.shape = shape;
    this.destination = destination;
    this.path = path;
  }

  async call<M extends Names<T["methods"]>>(
    member: M,
    args: In<T, M> & readonly DBusValue[],
    options?: CallOptions,
  ): Promise<Out<T, M>> {
    const { name } = this.shape;
    const method = memberOf<T["methods"], M>(this.shape.methods, member);
    const { inNames: argumentNames = [] } = method;
    const call = { member, signature: method.in, body: args, argumentNames };
    const reply = await this.#send({ interface: name, ...call }, options);
    const out: T["methods"][M]["out"] = method.out;
    return bodyOf(reply, out, `The answer of ${name}.${member}`);
  }

  async get<P extends Names<T["properties"]>>(
    name: P,
    options?: CallOptions,
  ): Promise<Property<T, P>> {
    const body = [this.shape.name, name];
    const reply = await this.#properties({ member: "Get", signature: "ss", body }, options);
    const what = `The property ${this.shape.name}.${name}`;
    const [variant] = bodyOf(reply, "v", what);
    const type: T["properties"][P]["type"] = memberOf<T["properties"], P>(
      this.shape.properties,
      name,
    ).type;
    return valueOf(variant, type, what);
  }

  async set<P extends Names<T["properties"]>>(
    name: P,
    value: Property<T, P> & DBusValue,
    options?: CallOptions,
  ): Promise<void> {
    const variant = new Variant(
      memberOf<T["properties"], P>(this.shape.properties, name).type,
      value,
    );
    const body = [this.shape.name, name, variant];
    const argumentNames = ["interface", "property", name];
    await this.#properties({ member: "Set", signature: "ssv", body, argumentNames }, options);
  }

  async getAll(options?: CallOptions): Promise<ReadonlyMap<string, Variant>> {
    const body = [this.shape.name];
    const reply = await this.#properties({ member: "GetAll", signature: "s", body }, options);
    const [properties] = bodyOf(reply, "a{sv}", `The properties of ${this.shape.name}`);
    return properties;
  }

  async subscribe<S extends Names<T["signals"]>>(
    member: S,
    options?: SubscribeOptions,
  ): Promise<EventStream<ProxySignal<SignatureValues<T["signals"][S]["type"]>>>> {
    const { destination: sender, path, shape } = this;
    const stream = await this.#bus.subscribe(
      { sender, path, interface: shape.name, member },
      options,
    );
    const type: T["signals"][S]["type"] = memberOf<T["signals"], S>(shape.signals, member).type;
    return mapStream(stream, (signal) => toProxySignal(signal, type));
  }

  #properties(call: Omit<MethodCall, "destination" | "path" | "interface">, options?: CallOptions) {
    return this.#send({ interface: propertiesInterface.name, ...call }, options);
  }

  #send(
    call: Omit<MethodCall, "destination" | "path">,
    options: CallOptions | undefined,
  ): Promise<MethodReply> {
    const { destination, path } = this;
    return this.#bus.call({ destination, path, ...call }, options);
  }
}

function toProxySignal<S extends string>(
  signal: Signal,
  type: S,
): ProxySignal<SignatureValues<S>> | undefined {
  const { body, path, sender } = signal;
  return isBodyOf(body, signal, type) ? { path, sender, body } : undefined;
}
