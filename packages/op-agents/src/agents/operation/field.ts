import type { JsonObject, JsonValue } from "op-core";
import { operationFailure } from "../../serving/operation-failure.ts";

/** Something that an operation takes: its JSON Schema, and how it is read, from one description. */
export interface Field<Value> {
  readonly name: string;
  readonly schema: JsonObject;
  readonly isRequired: boolean;
  /** Throws where the input has something else. */
  read(input: JsonObject): Value;
}

interface FieldParts<Value> {
  readonly name: string;
  readonly schema: JsonObject;
  /** What is read where the input has nothing; without it the field is required. */
  readonly fallback?: { readonly value: Value };
  readonly expected: string;
  readonly accept: (value: JsonValue) => Value | undefined;
}

function field<Value>(parts: FieldParts<Value>): Field<Value> {
  const { name, schema, fallback, expected, accept } = parts;
  return {
    name,
    schema,
    isRequired: fallback === undefined,
    read: (input) => {
      const given = Object.hasOwn(input, name) ? input[name] : undefined;
      if (given === undefined) {
        if (fallback !== undefined) return fallback.value;
        throw malformed(`${name} is missing`, `Give ${name}: ${expected}.`);
      }
      const value = accept(given);
      if (value === undefined) throw malformed(`${name} has to be ${expected}`);
      return value;
    },
  };
}

/** The error for input that is not what the operation takes. */
export function malformed(what: string, advice?: string): Error {
  return operationFailure({
    code: "ERR_INPUT_MALFORMED",
    message: `The input can't be used: ${what}.`,
    ...(advice === undefined ? {} : { advice }),
  });
}

const longestText = 16 * 1024 * 1024;

/** How a text may be left out. */
interface TextOptions<Fallback> {
  readonly fallback: Fallback;
  readonly longest?: number;
}

/** A text that has to be given. */
export function textField(name: string, description: string): Field<string>;
/** A text that may be left out. */
export function textField<Fallback extends string | undefined>(
  name: string,
  description: string,
  options: TextOptions<Fallback>,
): Field<string | Fallback>;
export function textField(
  name: string,
  description: string,
  options?: TextOptions<string | undefined>,
): Field<string | undefined> {
  const longest = options?.longest ?? longestText;
  return field<string | undefined>({
    name,
    schema: { type: "string", description, ...shownDefault(options?.fallback) },
    ...(options === undefined ? {} : { fallback: { value: options.fallback } }),
    expected: `a text of at most ${longest} characters`,
    accept: (value) => (typeof value === "string" && value.length <= longest ? value : undefined),
  });
}

/** Texts, one by one. */
export function textsField(
  name: string,
  description: string,
  fallback?: readonly string[],
): Field<readonly string[]> {
  return field({
    name,
    schema: { type: "array", items: { type: "string" }, description, ...shownDefault(fallback) },
    ...(fallback === undefined ? {} : { fallback: { value: fallback } }),
    expected: "a list of texts",
    accept: (value) => (isTexts(value) ? value : undefined),
  });
}

/** What a whole number may be. */
interface IntegerOptions<Fallback> {
  readonly least: number;
  readonly most?: number;
  readonly fallback: Fallback;
}

/** A whole number that may be left out. */
export function integerField<Fallback extends number | undefined>(
  name: string,
  description: string,
  { least, most = Number.MAX_SAFE_INTEGER, fallback }: IntegerOptions<Fallback>,
): Field<number | Fallback> {
  const limits = most === Number.MAX_SAFE_INTEGER ? {} : { maximum: most };
  const schema = { type: "integer", minimum: least, ...limits, description };
  return field<number | Fallback>({
    name,
    schema: { ...schema, ...shownDefault(fallback) },
    fallback: { value: fallback },
    expected: `a whole number from ${least} to ${most}`,
    accept: (value) =>
      typeof value === "number" && Number.isSafeInteger(value) && value >= least && value <= most
        ? value
        : undefined,
  });
}

/** Yes or no; no unless it is given. */
export function flagField(name: string, description: string): Field<boolean> {
  return field({
    name,
    schema: { type: "boolean", default: false, description },
    fallback: { value: false },
    expected: "true or false",
    accept: (value) => (typeof value === "boolean" ? value : undefined),
  });
}

/** One of some words, the first of them unless it is given. */
export function choiceField<const Words extends readonly [string, ...string[]]>(
  name: string,
  description: string,
  words: Words,
): Field<Words[number]> {
  const [first] = words;
  return field<Words[number]>({
    name,
    schema: { type: "string", enum: words, default: first, description },
    fallback: { value: first },
    expected: `one of ${words.join(", ")}`,
    accept: (value) => words.find((word) => word === value),
  });
}

function shownDefault(fallback: JsonValue | undefined): JsonObject {
  return fallback === undefined ? {} : { default: fallback };
}

function isTexts(value: JsonValue): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === "string");
}
