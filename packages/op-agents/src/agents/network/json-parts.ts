import type { JsonObject, JsonValue } from "op-core";
import { isJsonObject } from "../../serving/is-json-object.ts";
import { cleanText } from "../text/clean-text.ts";

/** Reads a list of objects that a program printed as JSON; what is something else is left out. */
export function parseObjects(text: string): readonly JsonObject[] {
  // Some versions print nothing where there is nothing.
  const value: JsonValue = text.trim() === "" ? [] : JSON.parse(text);
  return objectsIn(value);
}

/** The objects in a list. */
export function objectsIn(value: JsonValue | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

/** A part that is an object; empty where it is something else. */
export function objectIn(value: JsonValue | undefined): JsonObject {
  return value !== undefined && isJsonObject(value) ? value : {};
}

/** A part that is a text, cleaned; `null` where it is something else. */
export function textIn(value: JsonValue | undefined): string | null {
  return typeof value === "string" ? cleanText(value) : null;
}

/** A part that is a number; `null` where it is something else. */
export function numberIn(value: JsonValue | undefined): number | null {
  return typeof value === "number" ? value : null;
}
