import type { JsonObject } from "op-core";
import { parseType, toJson, type Variant } from "op-dbus";

/** Properties as JSON; those that carry file descriptors are left out. */
export function propertiesToJson(properties: ReadonlyMap<string, Variant>): JsonObject {
  const entries = [...properties].filter(([, { signature }]) => !signature.includes("h"));
  return Object.fromEntries(
    entries.map(([name, { signature, value }]) => [name, toJson(parseType(signature), value)]),
  );
}
