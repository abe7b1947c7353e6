import { isJsonObject, type JsonObject, type JsonValue } from "op-core";
import type { TLocalizedValidationError } from "typebox/error";
import { nearestNames } from "../registry/nearest-names.ts";
import { describeValue, isSecretName, quote } from "./describe-value.ts";
import { expectationOf } from "./expectation.ts";
import { createSchemaReferences, followPointer, pointerSegments } from "./schema-references.ts";

/** One place where a value does not fit its schema. */
export interface SchemaViolation {
  /** Where it is, written as in JavaScript: `servers[0].port`; `(root)` is the value itself. */
  readonly path: string;
  /** What was expected and what was given; long values are cut and secrets left out. */
  readonly message: string;
}

const mostViolations = 20;

/** Puts what the validator found into words: what was expected, what was given, and what may have been meant. */
export function describeViolations(
  schema: JsonObject,
  value: JsonValue,
  errors: readonly TLocalizedValidationError[],
): readonly SchemaViolation[] {
  const seen = new Map<string, SchemaViolation>();
  for (const error of withoutAlternatives(errors)) {
    for (const violation of describe(schema, value, error)) {
      seen.set(`${violation.path}: ${violation.message}`, violation);
    }
  }
  return [...seen.values()].slice(0, mostViolations);
}

/** Writes a path as JavaScript would. */
export function formatPath(segments: readonly PropertyKey[]): string {
  const text = segments.map(formatSegment).join("").replace(/^\./u, "");
  return text === "" ? "(root)" : text;
}

function formatSegment(segment: PropertyKey): string {
  const name = String(segment);
  if (/^\d+$/u.test(name)) return `[${name}]`;
  return /^[\p{L}_$][\p{L}\p{N}_$-]{0,59}$/u.test(name) ? `.${name}` : `[${quote(name)}]`;
}

/** Why each alternative of a union failed is told by the union itself; so is a property that is not allowed. */
function withoutAlternatives(
  errors: readonly TLocalizedValidationError[],
): readonly TLocalizedValidationError[] {
  const unions = errors
    .filter(({ keyword }) => keyword === "anyOf" || keyword === "oneOf")
    .map(({ keyword, schemaPath }) => `${schemaPath}/${keyword}/`);
  return errors.filter(
    ({ keyword, schemaPath }) =>
      !unions.some((union) => schemaPath.startsWith(union)) &&
      !(keyword === "boolean" && /\/(?:additional|unevaluated)Properties$/u.test(schemaPath)),
  );
}

function describe(
  schema: JsonObject,
  root: JsonValue,
  error: TLocalizedValidationError,
): readonly SchemaViolation[] {
  const segments = pointerSegments(error.instancePath);
  const within = (name: PropertyKey) => formatPath([...segments, name]);
  const given = followPointer(root, error.instancePath);
  if (error.keyword === "required") {
    return error.params.requiredProperties
      .filter((name) => !isPresent(given, name))
      .map((name) => ({ path: within(name), message: "is required and missing." }));
  }
  const unknown = unknownProperties(error);
  if (unknown.length > 0) {
    const known = propertiesAt(schema, segments);
    return unknown.map((name) => ({
      path: within(name),
      message: `is not known.${suggestion(String(name), known)}`,
    }));
  }
  return [{ path: formatPath(segments), message: mismatch(segments, given, error, schema) }];
}

function unknownProperties(error: TLocalizedValidationError): readonly PropertyKey[] {
  if (error.keyword === "additionalProperties") return error.params.additionalProperties;
  return error.keyword === "unevaluatedProperties" ? error.params.unevaluatedProperties : [];
}

function isPresent(value: JsonValue | undefined, name: string): boolean {
  return isJsonObject(value) && Object.hasOwn(value, name);
}

function mismatch(
  segments: readonly string[],
  given: JsonValue | undefined,
  error: TLocalizedValidationError,
  root: JsonObject,
): string {
  const isSecret = segments.some(isSecretName);
  const shown = isSecret ? "a value that is not shown" : describeValue(given);
  const allowed = error.keyword === "enum" ? error.params.allowedValues : [];
  const names = allowed.filter((one) => typeof one === "string");
  const hint = typeof given === "string" && !isSecret ? suggestion(given, names) : "";
  return `expected ${expectationOf(error, root)}, got ${shown}.${hint}`;
}

function suggestion(typed: string, known: readonly string[]): string {
  const [nearest] = nearestNames(typed, known, 1);
  return nearest === undefined ? "" : ` Did you mean ${JSON.stringify(nearest)}?`;
}

/** The names an object at this place may have, as far as its schema says so plainly. */
function propertiesAt(root: JsonObject, segments: readonly string[]): readonly string[] {
  const references = createSchemaReferences(root);
  const plain = (schema: JsonValue | undefined): JsonValue | undefined => {
    if (!isJsonObject(schema) || typeof schema["$ref"] !== "string") return schema;
    return references.resolve(schema["$ref"]);
  };
  let schema: JsonValue | undefined = root;
  for (const segment of segments) {
    const current = plain(schema);
    if (!isJsonObject(current)) return [];
    schema = /^\d+$/u.test(segment)
      ? current["items"]
      : followPointer(current["properties"] ?? {}, `/${segment}`);
  }
  const found = plain(schema);
  return isJsonObject(found) && isJsonObject(found["properties"])
    ? Object.keys(found["properties"])
    : [];
}
