import { isJsonObject, type JsonObject, type JsonValue } from "op-core";
import type { TLocalizedValidationError } from "typebox/error";
import { quote } from "./describe-value.ts";
import { followPointer } from "./schema-references.ts";

const mostChoices = 20;

/** Says what a schema wanted where a value did not fit, as the object of a sentence that begins with "expected". */
export function expectationOf(error: TLocalizedValidationError, root: JsonObject): string {
  if (isBound(error)) return `a number ${error.params.comparison} ${error.params.limit}`;
  if (error.keyword === "type") return [error.params.type].flat().join(" or ");
  if (error.keyword === "const") return `exactly ${literal(error.params.allowedValue)}`;
  if (error.keyword === "enum") return choices(error.params.allowedValues.map(literal));
  if (error.keyword === "pattern")
    return `text that matches ${quote(String(error.params.pattern))}`;
  if (error.keyword === "format") return `text in the format ${quote(error.params.format)}`;
  if (error.keyword === "anyOf" || error.keyword === "oneOf") {
    return alternatives(followPointer(root, decodePath(error)), error.keyword);
  }
  return `another value (it ${error.message})`;
}

type BoundError = Extract<TLocalizedValidationError, { params: { comparison: string } }>;

function isBound(error: TLocalizedValidationError): error is BoundError {
  return "comparison" in error.params;
}

/** `#/properties/a` is a pointer into the schema, after its number sign. */
function decodePath({ schemaPath }: TLocalizedValidationError): string {
  return schemaPath.slice(1);
}

/** What a union offers, where its members say it in a word. */
function alternatives(schema: JsonValue | undefined, keyword: "anyOf" | "oneOf"): string {
  const members = isJsonObject(schema) ? schema[keyword] : undefined;
  if (!Array.isArray(members)) return "one of the forms its schema allows";
  const words = members.map(wordFor);
  return words.includes(undefined)
    ? "one of the forms its schema allows"
    : choices([...new Set(words.flatMap((word) => word ?? []))]);
}

function wordFor(schema: JsonValue): string | undefined {
  if (!isJsonObject(schema)) return undefined;
  if (schema["const"] !== undefined) return literal(schema["const"]);
  return typeof schema["type"] === "string" ? schema["type"] : undefined;
}

function choices(words: readonly string[]): string {
  if (words.length === 1) return words.join("");
  const rest = words.length - mostChoices;
  const shown = words.slice(0, mostChoices).join(", ");
  return `one of ${shown}${rest > 0 ? ` or ${rest} more` : ""}`;
}

function literal(value: unknown): string {
  return typeof value === "string" ? quote(value) : quoteless(JSON.stringify(value));
}

function quoteless(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 60)}…`;
}
