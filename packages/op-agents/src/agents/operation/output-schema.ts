import type { JsonObject } from "op-core";

/** The JSON Schema of an object of which all properties are there, except those that are said to be optional. */
export function objectSchema(
  properties: Readonly<Record<string, JsonObject>>,
  optional: readonly string[] = [],
): JsonObject {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: "object", properties, required };
}

/** The JSON Schema of a list. */
export function listSchema(items: JsonObject): JsonObject {
  return { type: "array", items };
}

/** The JSON Schema of something that may be unknown. Not by a list of types, which some clients cannot read. */
export function orNull(type: string, more: JsonObject = {}): JsonObject {
  return { anyOf: [{ type, ...more }, { type: "null" }] };
}

export const string: JsonObject = { type: "string" };
export const integer: JsonObject = { type: "integer" };
export const number: JsonObject = { type: "number" };
export const boolean: JsonObject = { type: "boolean" };
