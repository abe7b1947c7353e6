import type { JsonValue } from "op-core";
import { findNode, toJsonValue } from "../jsonc/json-node.ts";
import { positionAt } from "../jsonc/jsonc-error.ts";
import { parseJsonc } from "../jsonc/parse-jsonc.ts";

/** The formats a configuration file can have, by its extension. */
export const configExtensions = ["json", "yaml", "yml", "toml"] as const;

/** A configuration file's text, read. */
export interface ParsedConfigText {
  readonly value: JsonValue;
  /** The line where a key stands, where the format tells. */
  readonly lineOf: (keys: readonly (string | number)[]) => number | undefined;
}

/**
 * Reads JSON (with comments), YAML or TOML by the file's extension. The parsers of YAML and TOML are loaded only when
 * such a file exists. Rejects with the parser's own error.
 */
export async function parseConfigText(file: string, text: string): Promise<ParsedConfigText> {
  if (/\.ya?ml$/.test(file)) return parseYaml(text);
  if (file.endsWith(".toml")) return parseToml(text);
  return parseJson(text);
}

function parseJson(text: string): ParsedConfigText {
  if (text.trim() === "") return { value: {}, lineOf: () => undefined };
  const root = parseJsonc(text);
  return {
    value: toJsonValue(root),
    lineOf: (keys) => {
      const node = findNode(root, keys);
      return node === undefined ? undefined : positionAt(text, node.start).line;
    },
  };
}

async function parseYaml(text: string): Promise<ParsedConfigText> {
  const { LineCounter, isNode, parseDocument } = await import("yaml");
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, version: "1.2" });
  const [error] = document.errors;
  if (error !== undefined) throw error;
  return {
    value: toPlain(document.toJS({ maxAliasCount: 100 })),
    lineOf: (keys) => {
      const node = document.getIn(keys, true);
      const range = isNode(node) ? node.range : undefined;
      return range ? lines.linePos(range[0]).line : undefined;
    },
  };
}

async function parseToml(text: string): Promise<ParsedConfigText> {
  const { parse } = await import("smol-toml");
  return { value: toPlain(parse(text)), lineOf: () => undefined };
}

/** Dates and the like become what JSON makes of them; an empty document is an empty object. */
function toPlain(value: unknown): JsonValue {
  const plain: JsonValue = JSON.parse(JSON.stringify(value ?? {}));
  return plain;
}
