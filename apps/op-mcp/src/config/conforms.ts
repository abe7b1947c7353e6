import { isJsonObject } from "op-core";
import { configShape } from "./config-shape.ts";
import type { OpMcpConfig } from "./op-mcp-config.ts";

/** Says nothing about which values are right. */
const silent = new Set([
  "$defs",
  "$schema",
  "default",
  "description",
  "env",
  "live",
  "readOnly",
  "secret",
  "title",
]);

type Check = (
  value: unknown,
  expected: unknown,
  schema: Readonly<Record<string, unknown>>,
) => boolean;

const isOfType: Readonly<Record<string, (value: unknown) => boolean>> = {
  object: isJsonObject,
  array: Array.isArray,
  string: (value) => typeof value === "string",
  boolean: (value) => typeof value === "boolean",
  number: (value) => typeof value === "number" && Number.isFinite(value),
  integer: Number.isSafeInteger,
};

/** A bound of a number; other values are left to `type`. */
function bound(holds: (value: number, limit: number) => boolean): Check {
  return (value, limit) =>
    typeof value === "number" && typeof limit === "number" && holds(value, limit);
}

const checks: Readonly<Record<string, Check>> = {
  type: (value, type) => typeof type === "string" && (isOfType[type]?.(value) ?? false),
  enum: (value, allowed) => Array.isArray(allowed) && allowed.includes(value),
  minimum: bound((value, limit) => value >= limit),
  maximum: bound((value, limit) => value <= limit),
  exclusiveMinimum: bound((value, limit) => value > limit),
  items: (value, items) =>
    Array.isArray(value) && isJsonObject(items) && value.every((item) => conforms(items, item)),
  minItems: (value, least) =>
    Array.isArray(value) && typeof least === "number" && value.length >= least,
  minLength: (value, least) =>
    // Characters may be longer than one, so this is a bound only for short limits.
    typeof value === "string" && (least === 0 || (least === 1 && value !== "")),
  properties: (value, properties) =>
    isJsonObject(value) &&
    isJsonObject(properties) &&
    Object.entries(value).every(([key, member]) => {
      const schema = Object.hasOwn(properties, key) ? properties[key] : undefined;
      return schema === undefined || (isJsonObject(schema) && conforms(schema, member));
    }),
  required: (value, keys) =>
    isJsonObject(value) && Array.isArray(keys) && keys.every((key) => Object.hasOwn(value, key)),
  additionalProperties: (value, allowed, { properties }) => {
    if (!isJsonObject(value)) return false;
    const others = Object.entries(value).filter(
      ([key]) => !isJsonObject(properties) || !Object.hasOwn(properties, key),
    );
    return isJsonObject(allowed)
      ? others.every(([, member]) => conforms(allowed, member))
      : others.length === 0;
  },
  propertyNames: (value, names) =>
    isJsonObject(value) &&
    isJsonObject(names) &&
    (Object.keys(value).length === 0 || Object.keys(names).join() === "type"),
};

/**
 * Whether a value surely fits. What this does not understand does not: then the schema itself decides, and says what is
 * wrong where something is.
 */
export function conforms(schema: Readonly<Record<string, unknown>>, value: unknown): boolean {
  // What the schema itself says where nothing is said needs no looking at.
  if (value !== undefined && value === schema["default"]) return true;
  if (Array.isArray(value) && JSON.stringify(value) === JSON.stringify(schema["default"]))
    return true;
  return Object.entries(schema).every(
    ([keyword, expected]) =>
      silent.has(keyword) || (checks[keyword]?.(value, expected, schema) ?? false),
  );
}

/** Whether a value surely is a configuration, complete or in part. */
export function isSurelyConfig(value: unknown): value is OpMcpConfig {
  return conforms(configShape, value);
}
