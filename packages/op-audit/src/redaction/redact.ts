import type { JsonValue } from "op-core";
import { AuditEntryError } from "../audit-error.ts";
import { isSecretName, secretHint, secretPatterns } from "./secret-patterns.ts";
import { sortedKeys } from "../entry/canonical-json.ts";
import type { SecretMarks } from "./schema-marks.ts";

/** What stands where a secret was; `why` is the rule that found it. */
export function redactionMark(why: string): string {
  return `[redacted: ${why}]`;
}

/** A value without its secrets. */
export interface Redacted {
  readonly value: JsonValue;
  /** How many secrets were taken out. */
  readonly count: number;
}

/**
 * Takes the secrets out of a value: those in fields that are named like one, those a schema marks, and those known by
 * their form anywhere in a text, keys included. The original is not touched. Throws `ERR_AUDIT_ENTRY` for what is not JSON.
 */
export function redact(value: unknown, marks?: SecretMarks): Redacted {
  const tally = { count: 0 };
  return { value: clean(value, marks, { tally, depth: 0 }), count: tally.count };
}

/** Takes the secrets known by their form out of a text. */
export function redactText(text: string): string {
  return cleanText(text, { count: 0 });
}

interface Tally {
  count: number;
}

interface Place {
  readonly tally: Tally;
  readonly depth: number;
}

const deepest = 200;

function clean(value: unknown, marks: SecretMarks | undefined, place: Place): JsonValue {
  if (marks?.isSecret === true && value !== null) return mark("schema", place.tally);
  if (typeof value === "string") return cleanText(value, place.tally);
  if (value === null || typeof value === "boolean") return value;
  if (typeof value === "number" && Number.isFinite(value)) return value;
  if (typeof value !== "object") throw new AuditEntryError(`a ${typeof value} is not JSON.`);
  if (place.depth >= deepest) {
    throw new AuditEntryError(`it is nested deeper than ${deepest} levels.`);
  }
  const inside = { tally: place.tally, depth: place.depth + 1 };
  return Array.isArray(value)
    ? value.map((item) => clean(item ?? null, marks?.rest, inside))
    : cleanObject(value, marks, inside);
}

function cleanObject(value: object, marks: SecretMarks | undefined, place: Place): JsonValue {
  const result: Record<string, JsonValue> = {};
  const fields: Readonly<Record<string, unknown>> = { ...value };
  // In order, so that writing it as canonical JSON is quick.
  for (const key of sortedKeys(fields)) {
    const item = fields[key];
    if (item === undefined) continue;
    const isSecret = isSecretName(key) && item !== null && typeof item !== "boolean";
    const cleaned = isSecret ? mark("name", place.tally) : clean(item, marksOf(key, marks), place);
    setField(result, cleanText(key, place.tally), cleaned);
  }
  return result;
}

function marksOf(key: string, marks: SecretMarks | undefined): SecretMarks | undefined {
  return marks?.properties.has(key) === true ? marks.properties.get(key) : marks?.rest;
}

/** Assigning to `__proto__` would not make a field of it. */
function setField(object: Record<string, JsonValue>, key: string, value: JsonValue): void {
  if (key === "__proto__") {
    Object.defineProperty(object, key, {
      value,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  } else {
    object[key] = value;
  }
}

function cleanText(text: string, tally: Tally): string {
  if (text.length < 8 || !secretHint.test(text)) return text;
  let cleaned = text;
  for (const { name, pattern } of secretPatterns) {
    cleaned = cleaned.replaceAll(
      pattern,
      (_found, ...rest: unknown[]) => keptPart(rest) + mark(name, tally),
    );
  }
  return cleaned;
}

/** The named groups are the last argument, where a pattern has any. */
function keptPart(rest: readonly unknown[]): string {
  const groups = rest.at(-1);
  if (typeof groups !== "object" || groups === null || !("keep" in groups)) return "";
  return typeof groups.keep === "string" ? groups.keep : "";
}

function mark(why: string, tally: Tally): string {
  tally.count += 1;
  return redactionMark(why);
}
