import type { JsonObject } from "op-core";
import { isBusName } from "../names/bus-name.ts";
import { isInterfaceName } from "../names/interface-name.ts";
import { isMemberName } from "../names/member-name.ts";
import type { OperationKind, PartialOperation } from "./bus-operation.ts";

/**
 * What an operation is really about: reading and writing properties through `org.freedesktop.DBus.Properties` is about
 * the property. What cannot be made out is undefined.
 */
export interface OperationTarget {
  readonly service: string;
  readonly interface: string | undefined;
  /** Undefined too where all properties are read at once. */
  readonly member: string | undefined;
  readonly kind: OperationKind;
}

/** The interface whose methods are about properties of other interfaces. */
export const propertiesInterfaceName = "org.freedesktop.DBus.Properties";

const propertyKinds: Readonly<Partial<Record<string, OperationKind>>> = {
  Get: "get",
  GetAll: "get",
  Set: "set",
};

const kinds: readonly string[] = ["call", "get", "set", "listen"] satisfies OperationKind[];

/** The names that services give to the arguments of `Get`, `Set` and `GetAll`. */
const interfaceKeys = ["interface_name", "interface", "iface", "arg0"];
const propertyKeys = ["property_name", "property", "propname", "prop", "name", "arg1"];

/** Finds out what an operation is about; undefined when its names are none. */
export function targetOf(operation: PartialOperation): OperationTarget | undefined {
  const { service, interface: name, member, kind, args } = operation;
  if (!isBusName(service) || !kinds.includes(kind)) return undefined;
  const propertyKind = Object.hasOwn(propertyKinds, member) ? propertyKinds[member] : undefined;
  if (name === propertiesInterfaceName && kind === "call" && propertyKind !== undefined) {
    return {
      service,
      interface: readName(args, interfaceKeys, isInterfaceName),
      member: member === "GetAll" ? undefined : readName(args, propertyKeys, isMemberName),
      kind: propertyKind,
    };
  }
  if (!isInterfaceName(name) || !isMemberName(member)) return undefined;
  return { service, interface: name, member, kind };
}

function readName(
  args: JsonObject | undefined,
  keys: readonly string[],
  isName: (text: string) => boolean,
): string | undefined {
  const key = keys.find((candidate) => args !== undefined && Object.hasOwn(args, candidate));
  const value = key === undefined ? undefined : args?.[key];
  return typeof value === "string" && isName(value) ? value : undefined;
}
