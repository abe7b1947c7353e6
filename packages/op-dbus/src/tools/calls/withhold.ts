import { isJsonObject, type JsonObject, type JsonValue } from "op-core";
import type { Caller } from "../../access/access-decision.ts";
import type { BusOperation } from "../../access/bus-operation.ts";
import type { BusCatalogue } from "../catalogue/bus-catalogue.ts";
import type { DBusRuntime } from "../dbus-runtime.ts";

/** Where a value of a property was found. */
export type PropertyPlace = Pick<BusOperation, "service" | "path" | "interface" | "member"> & {
  readonly catalogue: BusCatalogue;
};

/** Whether a caller may read a property without anybody's yes: what tells many at once tells only these. */
export function mayRead(
  { gate }: DBusRuntime,
  caller: Caller,
  { catalogue, ...place }: PropertyPlace,
): boolean {
  const { service, interface: name, member } = place;
  const known = catalogue.knownInterface(service, name)?.description.properties;
  const annotations = known?.find((property) => property.name === member)?.annotations;
  const operation: BusOperation = {
    ...place,
    bus: catalogue.target.name,
    kind: "get",
    args: {},
  };
  const { decision } = gate.judge(operation, caller, annotations);
  return decision.verdict === "allow" && !decision.needsApproval;
}

/** The properties of objects by path and interface, without those that may not be read. */
export function withoutUnreadable(
  objects: JsonValue,
  may: (place: Pick<PropertyPlace, "path" | "interface" | "member">) => boolean,
): JsonObject {
  return mapEntries(objects, (path, interfaces) =>
    mapEntries(interfaces, (interfaceName, properties) =>
      pickEntries(properties, (member) => may({ path, interface: interfaceName, member })),
    ),
  );
}

/** The entries whose names are accepted; none of what is no object. */
export function pickEntries(value: JsonValue, accepts: (name: string) => boolean): JsonObject {
  if (!isJsonObject(value)) return {};
  return Object.fromEntries(Object.entries(value).filter(([name]) => accepts(name)));
}

function mapEntries(
  value: JsonValue,
  map: (name: string, item: JsonValue) => JsonValue,
): JsonObject {
  if (!isJsonObject(value)) return {};
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, map(name, item)]));
}
