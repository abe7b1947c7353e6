import { isJsonObject, type JsonObject, type JsonValue } from "op-core";

/** Where values come from, from the weakest to the strongest. */
export type LayerKind = "default" | "system" | "user" | "project" | "file" | "environment" | "flag";

/** Where one value was said. */
export interface Origin {
  readonly layer: LayerKind;
  /** The file, the environment variable or the flag. */
  readonly where: string;
  readonly line?: number;
}

/** The values that one file, the environment or the flags give. */
export interface ConfigLayer {
  readonly values: JsonObject;
  /** Where this layer says the value at `keys`. */
  readonly originOf: (keys: readonly (string | number)[]) => Origin;
}

/** All layers on top of each other. */
export interface MergedLayers {
  readonly values: JsonObject;
  /** Where the value at `keys` was said last. */
  readonly originOf: (keys: readonly (string | number)[]) => Origin;
}

/** Where a value comes from that nobody set. */
export const builtInOrigin: Origin = { layer: "default", where: "built in" };

/** Lays layers over each other, the weakest first: objects merge key by key, everything else replaces. */
export function mergeLayers(layers: readonly ConfigLayer[]): MergedLayers {
  return {
    values: layers.reduce<JsonObject>((below, layer) => mergeObjects(below, layer.values), {}),
    originOf: (keys) =>
      layers.findLast((layer) => valueAt(layer.values, keys) !== undefined)?.originOf(keys) ??
      builtInOrigin,
  };
}

/** The value at `keys`, or `undefined` where there is none. */
export function valueAt(
  root: JsonValue,
  keys: readonly (string | number)[],
): JsonValue | undefined {
  let value: JsonValue | undefined = root;
  for (const key of keys) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
    value = isJsonObject(value) ? value[key] : value[Number(key)];
  }
  return value;
}

/** A copy of `root` with the value at `keys` set, through objects that are made where they are missing. */
export function withValueAt(
  root: JsonObject,
  keys: readonly string[],
  value: JsonValue,
): JsonObject {
  const nested = keys.reduceRight<JsonValue>((inner, key) => ({ [key]: inner }), value);
  return isJsonObject(nested) ? mergeObjects(root, nested) : root;
}

function mergeObjects(below: JsonObject, above: JsonObject): JsonObject {
  const merged = new Map(Object.entries(below));
  for (const [key, value] of Object.entries(above)) {
    const existing = merged.get(key);
    const isBoth = isJsonObject(existing) && isJsonObject(value);
    merged.set(key, isBoth ? mergeObjects(existing, value) : value);
  }
  return Object.fromEntries(merged);
}
