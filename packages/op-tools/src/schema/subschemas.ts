import { isJsonObject, type JsonObject, type JsonValue } from "op-core";

/** A schema within a schema. In-place ones judge the same value as their parent, the others a part of it. */
export interface Subschema {
  readonly schema: JsonValue;
  readonly isInPlace: boolean;
}

const inPlaceKeywords = ["allOf", "anyOf", "oneOf", "not", "if", "then", "else"];
const inPlaceMaps = ["dependentSchemas", "dependencies"];
const partKeywords = [
  "items",
  "prefixItems",
  "additionalItems",
  "unevaluatedItems",
  "contains",
  "additionalProperties",
  "unevaluatedProperties",
  "propertyNames",
];
const partMaps = ["properties", "patternProperties", "$defs", "definitions"];

/** Every schema directly within a schema, of all drafts; values that only look like schemas are left out. */
export function subschemasOf(schema: JsonObject): readonly Subschema[] {
  return [
    ...inPlaceKeywords.flatMap((keyword) => listed(schema[keyword], true)),
    ...inPlaceMaps.flatMap((keyword) => mapped(schema[keyword], true)),
    ...partKeywords.flatMap((keyword) => listed(schema[keyword], false)),
    ...partMaps.flatMap((keyword) => mapped(schema[keyword], false)),
  ];
}

function listed(value: JsonValue | undefined, isInPlace: boolean): readonly Subschema[] {
  if (value === undefined) return [];
  return [value].flat().map((schema) => ({ schema, isInPlace }));
}

/** In draft-07 a dependency may be a list of names, which is no schema. */
function mapped(value: JsonValue | undefined, isInPlace: boolean): readonly Subschema[] {
  if (!isJsonObject(value)) return [];
  return Object.values(value)
    .filter((schema) => !Array.isArray(schema))
    .map((schema) => ({ schema, isInPlace }));
}
