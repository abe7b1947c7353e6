import { isJsonObject, type JsonObject, type JsonValue } from "op-core";
import { objectManagerInterface, propertiesInterface } from "../../proxy/standard-interfaces.ts";
import { pickEntries, withoutUnreadable, type PropertyPlace } from "../calls/withhold.ts";
import type { BusEvent } from "./event-ring.ts";

/** Whether a property may be read. */
export type MayRead = (place: Pick<PropertyPlace, "path" | "interface" | "member">) => boolean;

/**
 * An event without the properties that may not be read: each that a signal carries is as secret as when it is read.
 * Undefined where it would tell nothing else.
 */
export function withoutSecrets(event: BusEvent, may: MayRead): BusEvent | undefined {
  const { interface: name, member } = event;
  if (member === "PropertiesChanged") {
    return name === propertiesInterface.name
      ? withReadableChanges(event, may)
      : withReadableValues(event, may);
  }
  if (member === "PropertyChanged") return isReadableChange(event, may) ? event : undefined;
  if (name === objectManagerInterface.name && member === "InterfacesAdded") {
    return withReadableInterfaces(event, may);
  }
  return event;
}

function withReadableChanges({ args, ...event }: BusEvent, may: MayRead): BusEvent | undefined {
  const { interface_name: owner, changed_properties: all = {}, invalidated_properties } = args;
  if (typeof owner !== "string") return undefined;
  const isReadable = (member: string): boolean =>
    may({ path: event.path, interface: owner, member });
  const changed = pickEntries(all, isReadable);
  const invalidated = textsIn(invalidated_properties).filter(isReadable);
  const isEmpty = Object.keys(changed).length === 0 && invalidated.length === 0;
  const wasEmpty =
    isJsonObject(all) && Object.keys(all).length + textsIn(invalidated_properties).length === 0;
  if (isEmpty && !wasEmpty) return undefined;
  const readable: JsonObject = {
    interface_name: owner,
    changed_properties: changed,
    invalidated_properties: invalidated,
  };
  return { ...event, args: readable };
}

/** Before there was a standard for it, interfaces had a signal of their own for this, with names and values. */
function withReadableValues(event: BusEvent, may: MayRead): BusEvent {
  const { path, interface: name } = event;
  const pick = (value: JsonValue): JsonValue =>
    isJsonObject(value)
      ? pickEntries(value, (member) => may({ path, interface: name, member }))
      : value;
  const entries = Object.entries(event.args).map(([key, value]) => [key, pick(value)] as const);
  return { ...event, args: Object.fromEntries(entries) };
}

/** Others have one with the name and the value of one property. */
function isReadableChange({ args, path, interface: name }: BusEvent, may: MayRead): boolean {
  const [member] = Object.values(args);
  return typeof member !== "string" || may({ path, interface: name, member });
}

function withReadableInterfaces(event: BusEvent, may: MayRead): BusEvent {
  const { args, path } = event;
  const { interfaces_and_properties: added = {}, object_path: at } = args;
  const objectPath = typeof at === "string" ? at : path;
  const { [objectPath]: readable = {} } = withoutUnreadable({ [objectPath]: added }, may);
  return { ...event, args: { object_path: objectPath, interfaces_and_properties: readable } };
}

function textsIn(value: JsonValue | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}
