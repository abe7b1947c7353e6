import { stripVTControlCharacters } from "node:util";
import type { JsonValue } from "op-core";

/** Control characters except tab and newline. */
const controls = /[\p{Cc}--[\t\n]]/gv;
/** Characters that are not seen but change what is: bidi controls, zero-width characters, tags, private use. */
const invisible = /[\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}[\p{Variation_Selector}--[\uFE0F]]]/gv;

/**
 * Text from elsewhere as it may be shown: without terminal sequences, control characters and whatever is invisible or
 * reorders text. What remains is still data, never an instruction.
 */
export function toPlainText(text: string): string {
  return stripVTControlCharacters(text.replaceAll("\r\n", "\n"))
    .replace(controls, "")
    .replace(invisible, "");
}

/** The same as one line of at most `maxLength` characters; a longer one ends in an ellipsis. */
export function toOneLine(text: string, maxLength: number): string {
  const line = toPlainText(text).replace(/\s+/gu, " ").trim();
  return line.length <= maxLength ? line : `${line.slice(0, maxLength - 1).trimEnd()}…`;
}

/** The same for every text in a value. Names of members stay as they are: they are what a call has to use. */
export function toPlainJson(value: JsonValue): JsonValue {
  if (typeof value === "string") return toPlainText(value);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(toPlainJson);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toPlainJson(item)]));
}
