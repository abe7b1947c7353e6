import type { JsonValue } from "op-core";

/** What a parser gave as JSON has it: dates and the like become text, and an empty document is an empty object. */
export function toPlainJson(value: unknown): JsonValue {
  const plain: JsonValue = JSON.parse(JSON.stringify(value ?? {}));
  return plain;
}
