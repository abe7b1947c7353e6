import type { JsonObject } from "op-core";

/** Like that of op-core, which an agent cannot load: a sandbox shows this package, and others only to those who need them. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
