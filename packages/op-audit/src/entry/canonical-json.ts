import { AuditEntryError } from "../audit-error.ts";

/**
 * Writes a value as canonical JSON (RFC 8785): keys sorted by UTF-16 code units, no white space, numbers as ECMAScript
 * writes them. Keys whose value is `undefined` are left out. Throws `ERR_AUDIT_ENTRY` for what JSON cannot carry.
 */
export function canonicalJson(value: unknown): string {
  // The built-in function is four times as fast, and right where the keys are in order already.
  return isInOrder(value, 0) ? JSON.stringify(value) : write(value, 0);
}

/** Deeper values would exhaust the stack of a reader written without care. */
const deepest = 200;

/** Characters that JSON escapes, and surrogates, which only the built-in function tells apart. */
// oxlint-disable-next-line no-control-regex -- control characters are what JSON escapes
const needsEscape = /["\\\u0000-\u001f\ud800-\udfff]/;

function write(value: unknown, depth: number): string {
  if (typeof value === "string") return writeString(value);
  if (typeof value === "number") return writeNumber(value);
  if (typeof value === "boolean") return value ? "true" : "false";
  if (value === null) return "null";
  if (typeof value !== "object") throw new AuditEntryError(`a ${typeof value} is not JSON.`);
  if (depth >= deepest) throw new AuditEntryError(`it is nested deeper than ${deepest} levels.`);
  return Array.isArray(value) ? writeArray(value, depth) : writeObject(value, depth);
}

function writeString(text: string): string {
  return needsEscape.test(text) ? JSON.stringify(text) : `"${text}"`;
}

function writeNumber(number: number): string {
  if (!Number.isFinite(number)) throw new AuditEntryError(`${number} is not JSON.`);
  return Object.is(number, -0) ? "0" : `${number}`;
}

function writeArray(values: readonly unknown[], depth: number): string {
  return `[${values.map((item) => write(item === undefined ? null : item, depth + 1)).join(",")}]`;
}

function writeObject(object: object, depth: number): string {
  const fields: Readonly<Record<string, unknown>> = { ...object };
  let text = "";
  for (const key of sortedKeys(fields)) {
    const value = fields[key];
    if (value === undefined) continue;
    text += `${text === "" ? "{" : ","}${writeString(key)}:${write(value, depth + 1)}`;
  }
  return text === "" ? "{}" : `${text}}`;
}

/** The keys of an object by UTF-16 code units, as RFC 8785 asks for. */
export function sortedKeys(object: object): string[] {
  const keys = Object.keys(object);
  // The default order of a sort is the one that is asked for.
  return isSorted(keys) ? keys : keys.toSorted();
}

function isSorted(keys: readonly string[]): boolean {
  let before = "";
  for (const key of keys) {
    if (key < before) return false;
    before = key;
  }
  return true;
}

/** Whether the built-in function writes this canonically. */
function isInOrder(value: unknown, depth: number): boolean {
  if (typeof value === "string" || typeof value === "boolean") return true;
  if (typeof value === "number") return Number.isFinite(value);
  if (typeof value !== "object" || depth >= deepest) return false;
  if (value === null) return true;
  if (Array.isArray(value)) return value.every((item) => isInOrder(item, depth + 1));
  return !("toJSON" in value) && isObjectInOrder(value, depth + 1);
}

function isObjectInOrder(object: object, depth: number): boolean {
  const values: readonly unknown[] = Object.values(object);
  return (
    isSorted(Object.keys(object)) &&
    values.every((value) => value === undefined || isInOrder(value, depth))
  );
}
