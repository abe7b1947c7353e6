import type { JsonObject, JsonValue } from "op-core";
import { parse, stringify } from "smol-toml";
import { isObject } from "../config/config-layer.ts";
import type { EntryPlace, ServerDocument } from "./server-document.ts";

/** Servers in TOML: one table each, added at the end of the file. */
export const tomlServerDocument: ServerDocument = {
  parse: toPlain,
  add: (text, place, entry) => {
    const eol = text.includes("\r\n") ? "\r\n" : "\n";
    const gap = text === "" ? "" : text.endsWith("\n") ? eol : eol + eol;
    return text + gap + renderTable(place, entry).replaceAll("\n", eol);
  },
  remove: (text, place) => {
    const lines = text.split(/(?<=\n)/);
    const start = lines.findIndex((line) => isHeaderOf(line, place));
    if (start < 0) return text;
    const length = lines.slice(start + 1).findIndex((line) => isForeignHeader(line, place));
    const end = length < 0 ? lines.length : start + 1 + length;
    return withoutGap(lines.slice(0, start)).join("") + lines.slice(end).join("");
  },
};

/** One `[container.name]` table with its sub-tables. */
function renderTable({ container, name }: EntryPlace, entry: JsonObject): string {
  return (
    stringify({ [container]: { [name]: entry } })
      .replace(/^\[[^\].]+\]\n+/, "")
      .trimEnd() + "\n"
  );
}

function isHeaderOf(line: string, { container, name }: EntryPlace): boolean {
  const keys = headerKeys(line);
  return keys?.[0] === container && keys[1] === name;
}

function isForeignHeader(line: string, place: EntryPlace): boolean {
  return headerKeys(line) !== undefined && !isHeaderOf(line, place);
}

/** The keys of a `[a.b]` line. */
function headerKeys(line: string): readonly string[] | undefined {
  if (!/^\s*\[/.test(line)) return undefined;
  try {
    return keysOf(toPlain(line));
  } catch {
    return undefined;
  }
}

function keysOf(value: JsonValue): readonly string[] {
  if (!isObject(value)) return [];
  const [first] = Object.entries(value);
  return first === undefined ? [] : [first[0], ...keysOf(first[1])];
}

/** Takes away the one empty line that stands before an added table. */
function withoutGap(lines: readonly string[]): readonly string[] {
  return lines.at(-1)?.trim() === "" ? lines.slice(0, -1) : lines;
}

function toPlain(text: string): JsonObject {
  const value: unknown = JSON.parse(JSON.stringify(parse(text)));
  return isObject(value) ? value : {};
}
