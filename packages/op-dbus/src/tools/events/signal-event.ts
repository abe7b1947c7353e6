import { isJsonObject, type JsonObject } from "op-core";
import type { Signal } from "../../connection/bus-connection.ts";
import { argumentsToJson } from "../../json/arguments.ts";
import { objectManagerInterface, propertiesInterface } from "../../proxy/standard-interfaces.ts";
import { formatType } from "../../signature/format-signature.ts";
import { parseSignature } from "../../signature/parse-signature.ts";
import type { InterfaceEntry } from "../catalogue/service-entry.ts";
import type { BusEvent } from "./event-ring.ts";

/** A signal as an event, its arguments by the names that the interface gives them. */
export function toEvent(signal: Signal, at: number, entry: InterfaceEntry | undefined): BusEvent {
  const { path, interface: interfaceName, member, signature, body } = signal;
  const known = standardNames[`${interfaceName}.${member}`] ?? namesIn(entry, member);
  const described = parseSignature(signature).map((type, index) => ({
    name: known?.[index] ?? "",
    type: formatType(type),
    documentation: undefined,
  }));
  return { at, path, interface: interfaceName, member, args: argumentsToJson(described, body) };
}

/** What these are called does not depend on what a service calls them: access to properties is decided by them. */
const standardNames: Readonly<Partial<Record<string, readonly string[]>>> = Object.fromEntries(
  [propertiesInterface, objectManagerInterface].flatMap(({ name, signals }) =>
    Object.entries(signals).map(([member, { names }]) => [`${name}.${member}`, names]),
  ),
);

function namesIn(entry: InterfaceEntry | undefined, member: string): readonly string[] | undefined {
  const signal = entry?.description.signals.find(({ name }) => name === member);
  return signal?.arguments.map(({ name }) => name);
}

/** How a change of properties is put together with an earlier one of the same object; nothing for other signals. */
export function mergingOf(
  event: BusEvent,
): { readonly key: string; merge(older: BusEvent): BusEvent } | undefined {
  if (event.interface !== propertiesInterface.name || event.member !== "PropertiesChanged") {
    return undefined;
  }
  const { interface_name: changedInterface } = event.args;
  if (typeof changedInterface !== "string") return undefined;
  return {
    key: `${event.path} ${changedInterface}`,
    merge: (older) => ({ ...event, args: mergeChanges(older.args, event.args) }),
  };
}

/** A property that is invalid now has no value any more, and the other way round. */
function mergeChanges(older: JsonObject, newer: JsonObject): JsonObject {
  const changed = { ...objectAt(older, changedKey), ...objectAt(newer, changedKey) };
  const invalid = new Set([...textsAt(older, invalidKey), ...textsAt(newer, invalidKey)]);
  for (const name of Object.keys(objectAt(newer, changedKey))) invalid.delete(name);
  const kept = Object.entries(changed).filter(([name]) => !invalid.has(name));
  return { ...newer, [changedKey]: Object.fromEntries(kept), [invalidKey]: [...invalid] };
}

const changedKey = "changed_properties";
const invalidKey = "invalidated_properties";

function objectAt(args: JsonObject, key: string): JsonObject {
  const value = args[key] ?? null;
  return isJsonObject(value) ? value : {};
}

function textsAt(args: JsonObject, key: string): readonly string[] {
  const value = args[key];
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}
