import { hash } from "node:crypto";
import type { JsonValue } from "op-core";

/** Writes JSON so that equal values give equal text: keys sorted, no white space. */
function canonicalJson(value: JsonValue): string {
  return JSON.stringify(value, (_, part: unknown) => (isObject(part) ? sorted(part) : part));
}

/** A hash of a value that is equal for equal values: what plugins use as fingerprint. */
export function fingerprintOf(value: JsonValue): string {
  return hash("sha256", canonicalJson(value));
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Made from entries, so that a key named `__proto__` is a key like any other. */
function sorted(object: object): object {
  return Object.fromEntries(
    Object.entries(object).toSorted(([left], [right]) => (left < right ? -1 : 1)),
  );
}
