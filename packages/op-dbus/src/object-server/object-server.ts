import { readFile } from "node:fs/promises";
import { standardErrors } from "../connection/call-server.ts";
import type { BusConnection, CallAnswer, IncomingCall } from "../connection/bus-connection.ts";
import { formatIntrospectionXml } from "../introspection/format-introspection-xml.ts";
import { isWithin, parseObjectPath, type ObjectPath } from "../names/object-path.ts";
import { memberOf, type InterfaceShape } from "../proxy/interface-shape.ts";
import {
  introspectableInterface,
  peerInterface,
  propertiesInterface,
} from "../proxy/standard-interfaces.ts";
import type { SignatureValues } from "../signature/signature-value.ts";
import type { DBusValue } from "../wire/value.ts";
import { AnsweredError } from "./answered-error.ts";
import { describeShape } from "./describe-shape.ts";
import {
  argumentsOf,
  invoke,
  readProperties,
  readProperty,
  writeProperty,
  type ExportedInterface,
} from "./exported-object.ts";
import type { Implementation } from "./implementation.ts";

/** An interface of an object that others can see. Disposing it takes it off the bus. */
export interface Exported<T extends InterfaceShape> extends Disposable {
  /** Sends a signal of the object. */
  emit<S extends keyof T["signals"] & string>(
    member: S,
    body: SignatureValues<T["signals"][S]["type"]> & readonly DBusValue[],
  ): Promise<void>;
  /** Tells everybody that properties have changed, and to what as far as their shape says so. */
  propertiesChanged(...names: readonly (keyof T["properties"] & string)[]): Promise<void>;
}

/** The objects of a connection that others can see. Disposing it takes all of them off the bus. */
export interface ObjectServer extends Disposable {
  /** Lets an object have an interface; an object is there as long as it has one. */
  export<T extends InterfaceShape>(
    path: string,
    shape: T,
    implementation: Implementation<T>,
  ): Exported<T>;
}

type Interfaces = Map<string, ExportedInterface>;

const standardInterfaces = [peerInterface, introspectableInterface, propertiesInterface].map(
  describeShape,
);

/** Makes the objects of a connection visible; a connection can have one object server. */
export function createObjectServer(bus: BusConnection): ObjectServer {
  return new BusObjectServer(bus);
}

class BusObjectServer implements ObjectServer {
  readonly #bus: BusConnection;
  readonly #objects = new Map<ObjectPath, Interfaces>();
  readonly #serving: Disposable;

  constructor(bus: BusConnection) {
    this.#bus = bus;
    this.#serving = bus.serve((call) => this.#answer(call));
  }

  export<T extends InterfaceShape>(
    path: string,
    shape: T,
    implementation: Implementation<T>,
  ): Exported<T>;
  export(
    path: string,
    shape: InterfaceShape,
    implementation: Implementation<InterfaceShape>,
  ): Exported<InterfaceShape> {
    const at = parseObjectPath(path);
    const interfaces = this.#objects.get(at) ?? new Map<string, ExportedInterface>();
    if (interfaces.has(shape.name)) throw new TypeError(`${at} has ${shape.name} already.`);
    const exported = { shape, implementation };
    interfaces.set(shape.name, exported);
    this.#objects.set(at, interfaces);
    return {
      emit: (member, body) => this.#emit(at, shape, member, body),
      propertiesChanged: (...names) => this.#tellChanges(at, exported, names),
      [Symbol.dispose]: () => {
        interfaces.delete(shape.name);
        if (interfaces.size === 0) this.#objects.delete(at);
      },
    };
  }

  [Symbol.dispose](): void {
    this.#serving[Symbol.dispose]();
    this.#objects.clear();
  }

  async #emit(
    path: ObjectPath,
    shape: InterfaceShape,
    member: string,
    body: readonly DBusValue[],
  ): Promise<void> {
    const { type: signature } = memberOf(shape.signals, member);
    await this.#bus.emit({ path, interface: shape.name, member, signature, body });
  }

  async #tellChanges(
    path: ObjectPath,
    exported: ExportedInterface,
    names: readonly string[],
  ): Promise<void> {
    const { name, properties } = exported.shape;
    const emitsOf = (property: string) => memberOf(properties, property).emits ?? "value";
    const changed = new Map(
      names
        .filter((property) => emitsOf(property) === "value")
        .map((property) => [property, readProperty(exported, property)]),
    );
    const invalidated = names.filter((property) => emitsOf(property) === "invalidates");
    const body = [name, changed, invalidated];
    await this.#emit(path, propertiesInterface, "PropertiesChanged", body);
  }

  async #answer(call: IncomingCall): Promise<CallAnswer> {
    try {
      return await this.#dispatch(call);
    } catch (error) {
      if (!(error instanceof AnsweredError)) throw error;
      return { errorName: error.errorName, message: error.message };
    }
  }

  async #dispatch(call: IncomingCall): Promise<CallAnswer> {
    const { interface: name } = call;
    if (name === peerInterface.name) return await answerPeer(call);
    if (name === introspectableInterface.name) return this.#introspect(call);
    if (name === propertiesInterface.name) return await this.#answerProperties(call);
    return await invoke(this.#find(call), call);
  }

  /** A call without an interface goes to the first one that has the member. */
  #find({ path, interface: name, member }: IncomingCall): ExportedInterface {
    const interfaces = this.#interfacesAt(path);
    const found =
      name === undefined
        ? interfaces.values().find(({ shape }) => Object.hasOwn(shape.methods, member))
        : interfaces.get(name);
    if (found !== undefined) return found;
    const what = name === undefined ? `method ${member}` : `interface ${name}`;
    throw new AnsweredError(standardErrors.unknownInterface, `${path} has no ${what}.`);
  }

  #interfacesAt(path: ObjectPath): Interfaces {
    const interfaces = this.#objects.get(path);
    if (interfaces !== undefined) return interfaces;
    throw new AnsweredError(standardErrors.unknownObject, `There is no object ${path}.`);
  }

  /** Paths above an object have no interfaces of their own, but callers find the object through them. */
  #introspect({ path, member }: IncomingCall): CallAnswer {
    if (member !== "Introspect") throw unknownMethod(introspectableInterface.name, member);
    const own = this.#objects.get(path)?.values() ?? [];
    const children = this.#childrenOf(path);
    const interfaces = [
      ...standardInterfaces,
      ...[...own].map(({ shape }) => describeShape(shape)),
    ];
    return { signature: "s", body: [formatIntrospectionXml({ interfaces, children })] };
  }

  #childrenOf(path: ObjectPath): readonly string[] {
    const prefix = path === "/" ? "/" : `${path}/`;
    const names = [...this.#objects.keys()]
      .filter((other) => other !== path && isWithin(other, path))
      .map((other) => other.slice(prefix.length).split("/", 1).join(""));
    return [...new Set(names)];
  }

  async #answerProperties(call: IncomingCall): Promise<CallAnswer> {
    const find = (name: string): ExportedInterface => this.#find({ ...call, interface: name });
    switch (call.member) {
      case "Get": {
        const [name, property] = argumentsOf(call, "ss");
        return { signature: "v", body: [readProperty(find(name), property)] };
      }
      case "GetAll": {
        const [name] = argumentsOf(call, "s");
        return { signature: "a{sv}", body: [readProperties(find(name))] };
      }
      case "Set": {
        const [name, property, value] = argumentsOf(call, "ssv");
        await writeProperty(find(name), property, value, call);
        return { signature: "", body: [] };
      }
      default:
        throw unknownMethod(propertiesInterface.name, call.member);
    }
  }
}

async function answerPeer({ member }: IncomingCall): Promise<CallAnswer> {
  if (member === "Ping") return { signature: "", body: [] };
  if (member !== "GetMachineId") throw unknownMethod(peerInterface.name, member);
  return { signature: "s", body: [(await readFile("/etc/machine-id", "latin1")).trim()] };
}

function unknownMethod(interfaceName: string, member: string): AnsweredError {
  return new AnsweredError(standardErrors.unknownMethod, `${interfaceName} has no ${member}.`);
}
