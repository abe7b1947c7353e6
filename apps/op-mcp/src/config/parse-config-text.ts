import { findNode, toJsonValue } from "../jsonc/json-node.ts";
import { positionAt } from "../jsonc/jsonc-error.ts";
import { parseJsonc } from "../jsonc/parse-jsonc.ts";
import type { ParsedConfigText } from "./parsed-config-text.ts";

/** The formats a configuration file can have, by its extension. */
export const configExtensions = ["json", "yaml", "yml", "toml"] as const;

/**
 * Reads JSON (with comments), YAML or TOML by the file's extension. The parsers of YAML and TOML are loaded only when
 * such a file exists. Rejects with the parser's error.
 */
export async function parseConfigText(file: string, text: string): Promise<ParsedConfigText> {
  if (/\.ya?ml$/.test(file)) return (await import("./parse-yaml.ts")).parseYaml(text);
  if (file.endsWith(".toml")) return (await import("./parse-toml.ts")).parseToml(text);
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
