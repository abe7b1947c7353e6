import type { JsonObject, JsonValue } from "op-core";

/** Takes a value for the JSON object it is. Throws a `TypeError` for anything that JSON cannot carry. */
export function parseJsonObject(value: unknown): JsonObject {
  if (!isJsonObject(value)) throw new TypeError("the value is not a JSON object");
  return value;
}

function isJsonObject(value: unknown): value is JsonObject {
  const isRecord = typeof value === "object" && value !== null && !Array.isArray(value);
  return isRecord && Object.values(value).every(isJsonValue);
}

function isJsonValue(value: unknown): value is JsonValue {
  if (Array.isArray(value)) return value.every(isJsonValue);
  if (typeof value === "number") return Number.isFinite(value);
  if (value === null || typeof value === "string" || typeof value === "boolean") return true;
  return isJsonObject(value);
}
