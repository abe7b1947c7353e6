import { isJsonObject, type JsonObject, type JsonValue } from "op-core";
import { inspectPattern } from "./inspect-pattern.ts";
import { SchemaRefusedError } from "./schema-error.ts";
import { createSchemaReferences, type SchemaReferences } from "./schema-references.ts";
import { subschemasOf } from "./subschemas.ts";

const largestLength = 262_144;
const greatestDepth = 64;
const greatestWeight = 10_000;

const knownTypes = new Set(["string", "number", "integer", "boolean", "null", "array", "object"]);
const objectKeywords = ["properties", "patternProperties", "$defs", "definitions"];

/**
 * Throws `ERR_SCHEMA_REFUSED` unless a value can be checked against the schema in reasonable time: it is not too large
 * or deep, its types and patterns make sense, every reference leads to somewhere in the schema itself, and no value is
 * checked over and over. Nothing is ever fetched.
 */
export function inspectSchema(schema: JsonObject): void {
  const { length } = JSON.stringify(schema);
  if (length > largestLength) throw new SchemaRefusedError(`it has ${length} characters.`);
  const references = createSchemaReferences(schema);
  const all = [...walk(schema, 0)];
  for (const each of all) references.learn(each);
  const weigh = createScale(references);
  for (const each of all) {
    inspectKeywords(each);
    weigh(each);
  }
}

function* walk(schema: JsonValue, depth: number): Generator<JsonObject> {
  if (typeof schema === "boolean") return;
  if (!isJsonObject(schema)) throw new SchemaRefusedError("a part of it is no schema.");
  if (depth > greatestDepth) {
    throw new SchemaRefusedError(`it is nested more than ${greatestDepth} levels deep.`);
  }
  yield schema;
  for (const { schema: inner } of subschemasOf(schema)) yield* walk(inner, depth + 1);
}

function inspectKeywords(schema: JsonObject): void {
  for (const type of [schema["type"] ?? []].flat()) {
    if (typeof type !== "string" || !knownTypes.has(type)) {
      throw new SchemaRefusedError(`there is no type ${JSON.stringify(type)}.`);
    }
  }
  for (const keyword of objectKeywords) {
    if (schema[keyword] !== undefined && !isJsonObject(schema[keyword])) {
      throw new SchemaRefusedError(`${JSON.stringify(keyword)} is no object.`);
    }
  }
  for (const pattern of patternsOf(schema)) {
    const problem = inspectPattern(pattern);
    if (problem !== undefined) throw new SchemaRefusedError(`${problem}.`);
  }
}

function* patternsOf(schema: JsonObject): Generator<string> {
  if (typeof schema["pattern"] === "string") yield schema["pattern"];
  const patterned = schema["patternProperties"];
  if (isJsonObject(patterned)) yield* Object.keys(patterned);
}

/**
 * Makes a function that counts how many schemas judge one and the same value, through references and combinations. A few
 * lines of references can multiply to billions, and a circle of them never ends.
 */
function createScale(references: SchemaReferences): (schema: JsonObject) => number {
  const weights = new Map<JsonObject, number>();
  const weigh = (schema: JsonObject): number => {
    const known = weights.get(schema);
    if (known !== undefined) return known;
    weights.set(schema, Infinity);
    let weight = 1;
    for (const next of judgesOf(schema, references)) {
      if (isJsonObject(next)) weight += weigh(next);
    }
    if (weight > greatestWeight) {
      throw new SchemaRefusedError("its references form a circle or multiply beyond measure.");
    }
    weights.set(schema, weight);
    return weight;
  };
  return weigh;
}

function* judgesOf(schema: JsonObject, references: SchemaReferences): Generator<JsonValue> {
  for (const { schema: inner, isInPlace } of subschemasOf(schema)) {
    if (isInPlace) yield inner;
  }
  for (const keyword of ["$ref", "$dynamicRef", "$recursiveRef"]) {
    const ref = schema[keyword];
    if (typeof ref !== "string") continue;
    const target = references.resolve(ref);
    if (target === undefined) {
      throw new SchemaRefusedError(
        `it refers to ${JSON.stringify(ref)}, which is not in it, and nothing is fetched.`,
      );
    }
    yield target;
  }
}
