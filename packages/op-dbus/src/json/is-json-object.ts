import type { JsonObject, JsonValue } from "op-core";

/** Whether a JSON value is an object. */
export function isJsonObject(json: JsonValue): json is JsonObject {
  return typeof json === "object" && json !== null && !Array.isArray(json);
}
