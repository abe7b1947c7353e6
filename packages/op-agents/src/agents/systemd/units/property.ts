import type { JsonObject, JsonValue } from "op-core";
import { cleanText } from "../../text/clean-text.ts";

/** A property that is a text, cleaned; empty where it is something else. */
export function textOf(properties: JsonObject, name: string, longest?: number): string {
  const value = properties[name];
  return typeof value === "string" ? cleanText(value, longest) : "";
}

/** A property that is a number; `null` where systemd says that there is none. */
export function numberOf(properties: JsonObject, name: string): number | null {
  const value = properties[name];
  // All bits set stand for nothing; such a number comes as a text.
  return typeof value === "number" ? value : null;
}

/** A property that is a list of texts. */
export function textsOf(properties: JsonObject, name: string): readonly string[] {
  return listOf(properties[name]).flatMap((each) =>
    typeof each === "string" ? [cleanText(each)] : [],
  );
}

/** A list, or nothing. */
export function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : [];
}

/** A property that is a time in microseconds; `null` for never. */
export function timeOf(properties: JsonObject, name: string): string | null {
  const micros = numberOf(properties, name);
  return micros === null || micros === 0 ? null : toIsoTime(micros);
}

/** A time in microseconds, as ISO 8601 says it. */
export function toIsoTime(micros: number): string {
  return new Date(micros / 1000).toISOString();
}
