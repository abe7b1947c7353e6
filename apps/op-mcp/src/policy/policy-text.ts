import type { JsonValue } from "op-core";
import { escapeControlsInJson } from "../text/escape-controls.ts";

const longest = 200;

/** Foreign text in quotes, on one line, without what deceives, and cut where it gets long. */
export function toInline(text: string): string {
  return toYamlScalar(text.length <= longest ? text : `${text.slice(0, longest)}…`);
}

/** A value on one line that reads the same as YAML and as JSON. */
export function toYamlScalar(value: JsonValue): string {
  return escapeControlsInJson(JSON.stringify(value));
}

/** A list on one line that reads the same as YAML and as JSON. */
export function toYamlList(values: readonly JsonValue[]): string {
  return `[${values.map(toYamlScalar).join(", ")}]`;
}
