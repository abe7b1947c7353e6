import { isJsonObject, type JsonObject, type JsonValue } from "op-core";
import { configShape } from "./config-shape.ts";
import { defaultConfig } from "./default-config.ts";

/** One value that can be configured, as read from the schema. */
export interface ConfigLeaf {
  /** Keys joined by dots, for example `log.level`. */
  readonly path: string;
  readonly keys: readonly string[];
  readonly schema: JsonObject;
  readonly default: JsonValue;
  /** Whether a change takes effect without a restart. */
  readonly isLive: boolean;
  readonly isSecret: boolean;
}

/** A group of leaves under one top-level key. */
export interface ConfigSection {
  readonly name: string;
  readonly leaves: readonly ConfigLeaf[];
}

let cached: readonly ConfigSection[] | undefined;
let cachedLeaves: readonly ConfigLeaf[] | undefined;

/** Every section, in the order of the schema. Computed once, and only when someone asks. */
export function configSections(): readonly ConfigSection[] {
  cached ??= members(configShape).map(([name, schema]) => ({
    name,
    leaves: leavesOf({ schema, keys: [name], isLive: false }),
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
  return asObject(fill(root, values, asObject(defaultConfig)));
}

/** Those leaves of which `values` says something. */
export function saidLeaves(values: JsonObject): readonly ConfigLeaf[] {
  return saidBelow(root, values);
}

/** The leaf with exactly this path. */
export function findLeaf(path: string): ConfigLeaf | undefined {
  return findLeafBy(path.split("."));
}

/** The leaf that names lead to, one a level; `nameOf` is how keys are named in them. */
export function findLeafBy(
  names: readonly string[],
  nameOf = (key: string): string => key,
): ConfigLeaf | undefined {
  const { leaf, depth } = follow(names, nameOf);
  return depth === names.length ? leaf : undefined;
}

/** The leaf a path belongs to: itself, or the map or list it leads into. */
export function leafAround(path: string): ConfigLeaf | undefined {
  return follow(path.split("."), (key) => key).leaf;
}

/** A place in the schema; what is said of a group to be live is so of all in it. */
interface Place {
  readonly schema: JsonObject;
  readonly keys: readonly string[];
  readonly isLive: boolean;
}

const root: Place = { schema: configShape, keys: [], isLive: false };

/** The places in a group by their keys; nothing where the place is a leaf. */
function placesIn({ schema, keys, isLive }: Place): readonly (readonly [string, Place])[] {
  if (takesOthers(schema)) return [];
  const isAllLive = isLive || schema["live"] === true;
  return members(schema).map(([key, child]) => [
    key,
    { schema: child, keys: [...keys, key], isLive: isAllLive },
  ]);
}

function leavesOf(place: Place): readonly ConfigLeaf[] {
  const inner = placesIn(place);
  return inner.length === 0 ? [leafAt(place)] : inner.flatMap(([, child]) => leavesOf(child));
}

function saidBelow(place: Place, said: JsonValue): readonly ConfigLeaf[] {
  const inner = placesIn(place);
  if (inner.length === 0) return [leafAt(place)];
  const values = asObject(said);
  return inner.flatMap(([key, child]) => {
    const value = values[key];
    return value === undefined ? [] : saidBelow(child, value);
  });
}

/** Goes as deep as names lead. */
function follow(
  names: readonly string[],
  nameOf: (key: string) => string,
): { readonly leaf: ConfigLeaf | undefined; readonly depth: number } {
  let place = root;
  for (const [depth, name] of names.entries()) {
    const inner = placesIn(place);
    if (inner.length === 0) return { leaf: leafAt(place), depth };
    const found = inner.find(([key]) => nameOf(key) === name);
    if (found === undefined) return { leaf: undefined, depth };
    place = found[1];
  }
  const isLeaf = placesIn(place).length === 0;
  return { leaf: isLeaf ? leafAt(place) : undefined, depth: names.length };
}

function leafAt({ schema, keys, isLive }: Place): ConfigLeaf {
  return {
    path: keys.join("."),
    keys,
    schema,
    default: defaultOf(schema),
    isLive: isLive || schema["live"] === true,
    isSecret: schema["secret"] === true,
  };
}

/** Walks only what is said. */
function fill(place: Place, said: JsonValue, otherwise: JsonValue | undefined): JsonValue {
  const inner = placesIn(place);
  if (inner.length === 0) return complete(place.schema, said);
  const values = asObject(said);
  const defaults = asObject(otherwise);
  const filled = inner.flatMap(([key, child]) => {
    const value = values[key];
    return value === undefined ? [] : [[key, fill(child, value, defaults[key])] as const];
  });
  return { ...defaults, ...Object.fromEntries(filled) };
}

/** What is said of a leaf, with the defaults of members that it leaves out, also in maps and lists. */
function complete(schema: JsonObject, said: JsonValue): JsonValue {
  if (Array.isArray(said)) return said.map((item) => complete(asObject(schema["items"]), item));
  if (!isJsonObject(said)) return said;
  const usual = members(schema).flatMap(([key, child]) => {
    const value = Object.hasOwn(said, key) ? said[key] : child["default"];
    return value === undefined ? [] : [[key, complete(child, value)] as const];
  });
  const others = asObject(schema["additionalProperties"]);
  const all = Object.entries(said).map(([key, value]) => [key, complete(others, value)] as const);
  return Object.fromEntries([...all, ...usual]);
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

function asObject(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
}
