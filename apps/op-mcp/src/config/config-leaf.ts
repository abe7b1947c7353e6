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

/** Every section, in the order of the schema. Computed once, and only when someone asks. */
export function configSections(): readonly ConfigSection[] {
  cached ??= members(configJsonSchema).map(([name, schema]) => ({
    name,
    description: textOf(schema["description"]),
    leaves: leavesOf(schema, [name]),
  }));
  return cached;
}

/** Every leaf, in the order of the schema. */
export function configLeaves(): readonly ConfigLeaf[] {
  return configSections().flatMap((section) => section.leaves);
}

/** The leaf with exactly this path. */
export function findLeaf(path: string): ConfigLeaf | undefined {
  return configLeaves().find((leaf) => leaf.path === path);
}

/** The leaf a path belongs to: itself, or the map or list it leads into. */
export function leafAround(path: string): ConfigLeaf | undefined {
  return configLeaves().find((leaf) => leaf.path === path || path.startsWith(`${leaf.path}.`));
}

function leavesOf(schema: JsonObject, keys: readonly string[]): readonly ConfigLeaf[] {
  const inner = members(schema);
  if (inner.length > 0) return inner.flatMap(([key, child]) => leavesOf(child, [...keys, key]));
  return [
    {
      path: keys.join("."),
      keys,
      schema,
      default: schema["default"] ?? null,
      description: textOf(schema["description"]),
      isLive: schema["live"] === true,
      isSecret: schema["secret"] === true,
    },
  ];
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
