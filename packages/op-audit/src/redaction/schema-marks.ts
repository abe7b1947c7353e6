import { isJsonObject, type JsonObject, type JsonValue } from "op-core";

/** Where a JSON Schema says that values are secret. */
export interface SecretMarks {
  readonly isSecret: boolean;
  /** Every property that the schema names, marked or not. */
  readonly properties: ReadonlyMap<string, SecretMarks | undefined>;
  /** For items of arrays and for properties that are not named. */
  readonly rest: SecretMarks | undefined;
}

/**
 * Finds the secrets a JSON Schema marks: `"writeOnly": true`, `"format": "password"` or `"x-secret": true`. What
 * `$ref`, `allOf`, `anyOf` and `oneOf` bring in counts as well. Nothing, if it marks none.
 */
export function secretMarks(schema: JsonObject): SecretMarks | undefined {
  if (!cache.has(schema)) cache.set(schema, read(schema, schema, 0));
  return cache.get(schema);
}

const cache = new WeakMap<JsonObject, SecretMarks | undefined>();

/** A schema may refer to itself; no secret is marked deeper than this. */
const deepest = 12;

function read(
  schema: JsonValue | undefined,
  root: JsonObject,
  depth: number,
): SecretMarks | undefined {
  if (!isJsonObject(schema) || depth > deepest) return undefined;
  let marks: SecretMarks | undefined = isMarked(schema)
    ? { isSecret: true, properties: new Map(), rest: undefined }
    : readChildren(schema, root, depth);
  const { $ref: reference, allOf, anyOf, oneOf } = schema;
  const parts = [resolve(reference, root), ...[allOf, anyOf, oneOf].flatMap(listOf)];
  for (const part of parts) marks = join(marks, read(part, root, depth + 1));
  return marks;
}

function isMarked(schema: JsonObject): boolean {
  return (
    schema["writeOnly"] === true || schema["format"] === "password" || schema["x-secret"] === true
  );
}

function readChildren(
  schema: JsonObject,
  root: JsonObject,
  depth: number,
): SecretMarks | undefined {
  const { properties: named, items, additionalProperties } = schema;
  const properties = new Map(
    Object.entries(isJsonObject(named) ? named : {}).map(([name, child]) => [
      name,
      read(child, root, depth + 1),
    ]),
  );
  const rest = join(read(items, root, depth + 1), read(additionalProperties, root, depth + 1));
  const isMarkless =
    rest === undefined && properties.values().every((marks) => marks === undefined);
  return isMarkless ? undefined : { isSecret: false, properties, rest };
}

function resolve(reference: JsonValue | undefined, root: JsonObject): JsonValue | undefined {
  if (reference === "#") return root;
  if (typeof reference !== "string" || !reference.startsWith("#/")) return undefined;
  return reference
    .slice(2)
    .split("/")
    .map((step) => decodeURIComponent(step).replaceAll("~1", "/").replaceAll("~0", "~"))
    .reduce<JsonValue | undefined>((at, step) => (isJsonObject(at) ? at[step] : undefined), root);
}

function join(
  one: SecretMarks | undefined,
  other: SecretMarks | undefined,
): SecretMarks | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  const properties = new Map(one.properties);
  for (const [name, marks] of other.properties) {
    properties.set(name, join(properties.get(name), marks));
  }
  return { isSecret: one.isSecret || other.isSecret, properties, rest: join(one.rest, other.rest) };
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return isArray(value) ? value : [];
}

function isArray(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}
