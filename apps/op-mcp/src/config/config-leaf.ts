import type { JsonObject, JsonValue } from "op-core";
import { configJsonSchema } from "./config-json-schema.ts";

/** One value that can be configured, as read from the schema. */
export interface ConfigLeaf {
  /** Keys joined by dots, for example `log.level`. */
  readonly path: string;
  readonly keys: readonly string[];
  readonly schema: JsonObject;
  readonly default: JsonValue;
  readonly description: string;
  /** Whether a change takes effect without a restart. */
  readonly isLive: boolean;
  readonly isSecret: boolean;
}

/** A group of leaves under one top-level key. */
export interface ConfigSection {
  readonly name: string;
  readonly description: string;
  readonly leaves: readonly ConfigLeaf[];
}

let cached: readonly ConfigSection[] | undefined;
let cachedLeaves: readonly ConfigLeaf[] | undefined;

/** Every section, in the order of the schema. Computed once, and only when someone asks. */
export function configSections(): readonly ConfigSection[] {
  cached ??= members(configJsonSchema).map(([name, schema]) => ({
    name,
    description: textOf(schema["description"]),
    leaves: leavesOf(schema, [name], false),
  }));
  return cached;
}

/** Every leaf, in the order of the schema. */
export function configLeaves(): readonly ConfigLeaf[] {
  cachedLeaves ??= configSections().flatMap((section) => section.leaves);
  return cachedLeaves;
}

/** The whole configuration: what `values` says of each leaf, and the default of every other. */
export function fillConfig(values: JsonObject): JsonObject {
  return asObject(fill(configJsonSchema, values));
}

/** The leaf with exactly this path. */
export function findLeaf(path: string): ConfigLeaf | undefined {
  return configLeaves().find((leaf) => leaf.path === path);
}

/** The leaf a path belongs to: itself, or the map or list it leads into. */
export function leafAround(path: string): ConfigLeaf | undefined {
  return configLeaves().find((leaf) => leaf.path === path || path.startsWith(`${leaf.path}.`));
}

/** What is said of a group to be live is so of all in it. */
function leavesOf(
  schema: JsonObject,
  keys: readonly string[],
  isGroupLive: boolean,
): readonly ConfigLeaf[] {
  const inner = members(schema);
  const isLive = isGroupLive || schema["live"] === true;
  if (inner.length > 0 && !takesOthers(schema)) {
    return inner.flatMap(([key, child]) => leavesOf(child, [...keys, key], isLive));
  }
  return [
    {
      path: keys.join("."),
      keys,
      schema,
      default: defaultOf(schema),
      description: textOf(schema["description"]),
      isLive,
      isSecret: schema["secret"] === true,
    },
  ];
}

function fill(schema: JsonObject, value: JsonValue | undefined): JsonValue {
  const inner = members(schema);
  if (inner.length === 0 || takesOthers(schema)) return value ?? defaultOf(schema);
  const said = asObject(value);
  return Object.fromEntries(inner.map(([key, child]) => [key, fill(child, said[key])]));
}

/** What is in force where nothing is said: members that have defaults are filled in. */
function defaultOf(schema: JsonObject): JsonValue {
  const inner = members(schema);
  if (inner.length === 0) return schema["default"] ?? null;
  return Object.fromEntries(inner.map(([key, child]) => [key, defaultOf(child)]));
}

/** Whether members may be added: such a group is one value, whose own members are only the usual ones. */
function takesOthers(schema: JsonObject): boolean {
  return isJsonObject(schema["additionalProperties"] ?? null);
}

function members(schema: JsonObject): readonly (readonly [string, JsonObject])[] {
  return Object.entries(asObject(schema["properties"])).map(([key, child]) => [
    key,
    asObject(child),
  ]);
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function asObject(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
}

function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
