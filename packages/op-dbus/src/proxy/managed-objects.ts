import type {
  BusConnection,
  CallOptions,
  EventStream,
  SubscribeOptions,
} from "../connection/bus-connection.ts";
import { isObjectPath, type ObjectPath } from "../names/object-path.ts";
import type { Variant } from "../wire/value.ts";
import { isBodyOf } from "./body-type.ts";
import { mapStream } from "./map-stream.ts";
import { createProxy, type ObjectAddress } from "./proxy.ts";
import { objectManagerInterface } from "./standard-interfaces.ts";

/** The interfaces of an object with their properties. */
export type ManagedInterfaces = ReadonlyMap<string, ReadonlyMap<string, Variant>>;

/** What happened to an object manager's objects. */
export type ManagedObjectChange =
  | {
      readonly kind: "interfaces-added";
      readonly path: ObjectPath;
      readonly interfaces: ManagedInterfaces;
    }
  | {
      readonly kind: "interfaces-removed";
      readonly path: ObjectPath;
      readonly interfaces: readonly string[];
    };

/** Asks an object manager for its objects. */
export async function getManagedObjects(
  bus: BusConnection,
  manager: ObjectAddress,
  options?: CallOptions,
): Promise<ReadonlyMap<ObjectPath, ManagedInterfaces>> {
  const proxy = createProxy(bus, objectManagerInterface, manager);
  const [objects] = await proxy.call("GetManagedObjects", [], options);
  const entries = objects
    .entries()
    .flatMap(([path, interfaces]): [ObjectPath, ManagedInterfaces][] =>
      isObjectPath(path) ? [[path, interfaces]] : [],
    );
  return new Map(entries);
}

/** Follows the objects that an object manager adds and removes. */
export async function watchManagedObjects(
  bus: BusConnection,
  { destination: sender, path }: ObjectAddress,
  options?: SubscribeOptions,
): Promise<EventStream<ManagedObjectChange>> {
  const rule = { sender, path, interface: objectManagerInterface.name };
  return mapStream(await bus.subscribe(rule, options), (signal) => {
    const { member, body } = signal;
    if (member === "InterfacesAdded" && isBodyOf(body, signal, "oa{sa{sv}}")) {
      const [at, interfaces] = body;
      return isObjectPath(at) ? { kind: "interfaces-added", path: at, interfaces } : undefined;
    }
    if (member === "InterfacesRemoved" && isBodyOf(body, signal, "oas")) {
      const [at, interfaces] = body;
      return isObjectPath(at) ? { kind: "interfaces-removed", path: at, interfaces } : undefined;
    }
    return undefined;
  });
}
