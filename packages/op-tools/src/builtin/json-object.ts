import { isJsonObject, type JsonObject, type JsonValue } from "op-core";

/** Takes a value for the JSON object it is. Throws a `TypeError` for anything that JSON cannot carry. */
export function parseJsonObject(value: unknown): JsonObject {
  if (!isJsonThroughout(value)) throw new TypeError("the value is not a JSON object");
  return value;
}

function isJsonThroughout(value: unknown): value is JsonObject {
  return isJsonObject(value) && Object.values(value).every(isJsonValue);
}

function isJsonValue(value: unknown): value is JsonValue {
  if (Array.isArray(value)) return value.every(isJsonValue);
  if (typeof value === "number") return Number.isFinite(value);
  if (value === null || typeof value === "string" || typeof value === "boolean") return true;
  return isJsonThroughout(value);
}
