import { isJsonObject, type JsonObject, type JsonValue } from "op-core";
import { parse, stringify } from "smol-toml";
import { withValueAt } from "../config/config-layer.ts";

/** A whole text as plain data. */
export function parseTomlText(text: string): JsonObject {
  const value: unknown = JSON.parse(JSON.stringify(parse(text)));
  return isJsonObject(value) ? value : {};
}

/** Adds a table with its sub-tables at the end of a text, and leaves every other byte as it is. */
export function addTomlTable(text: string, path: readonly string[], table: JsonObject): string {
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  const gap = text === "" ? "" : text.endsWith("\n") ? eol : eol + eol;
  const rendered = `${stringify(withValueAt({}, path, table)).trimEnd()}\n`;
  return text + gap + rendered.replaceAll("\n", eol);
}

/** Removes a table with its sub-tables, and leaves every other byte as it is. */
export function removeTomlTable(text: string, path: readonly string[]): string {
  const lines = text.split(/(?<=\n)/);
  const start = lines.findIndex((line) => isHeaderIn(line, path));
  if (start < 0) return text;
  const length = lines.slice(start + 1).findIndex((line) => isForeignHeader(line, path));
  const end = length < 0 ? lines.length : start + 1 + length;
  return withoutGap(lines.slice(0, start)).join("") + lines.slice(end).join("");
}

/** Whether a line is the header of the table or of one in it. */
function isHeaderIn(line: string, path: readonly string[]): boolean {
  const keys = headerKeys(line);
  return keys !== undefined && path.every((key, index) => keys[index] === key);
}

function isForeignHeader(line: string, path: readonly string[]): boolean {
  return headerKeys(line) !== undefined && !isHeaderIn(line, path);
}

/** The keys of a `[a.b]` line. */
function headerKeys(line: string): readonly string[] | undefined {
  if (!/^\s*\[/.test(line)) return undefined;
  try {
    return keysOf(parseTomlText(line));
  } catch {
    return undefined;
  }
}

function keysOf(value: JsonValue): readonly string[] {
  if (!isJsonObject(value)) return [];
  const [first] = Object.entries(value);
  return first === undefined ? [] : [first[0], ...keysOf(first[1])];
}

/** Takes away the one empty line that stands before an added table. */
function withoutGap(lines: readonly string[]): readonly string[] {
  return lines.at(-1)?.trim() === "" ? lines.slice(0, -1) : lines;
}
