import { isJsonObject, type JsonObject, type JsonValue } from "op-core";

/** The value as an object; an empty one where it is none. */
export function asObject(value: JsonValue | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}

/** The value as a list; an empty one where it is none. */
export function asList(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : [];
}

/** The value as text; empty where it is none. */
export function asText(value: JsonValue | undefined): string {
  return typeof value === "string" ? value : "";
}

/** The value as a number; 0 where it is none. */
export function asNumber(value: JsonValue | undefined): number {
  return typeof value === "number" ? value : 0;
}

/** The arguments that were given, without those that were not. */
export function given(args: Readonly<Record<string, JsonValue | undefined>>): JsonObject {
  return Object.fromEntries(
    Object.entries(args).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
