import { hash } from "node:crypto";
import { canonicalJson, type JsonValue } from "op-core";

/** A hash of a value that is equal for equal values: what plugins use as fingerprint. */
export function fingerprintOf(value: JsonValue): string {
  return hash("sha256", canonicalJson(value));
}
