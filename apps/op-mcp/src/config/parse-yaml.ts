// Imported by name only here: in a bundle, a package in CommonJS that is imported dynamically has no named exports.
import { isNode, LineCounter, parseDocument } from "yaml";
import type { ParsedConfigText } from "./parsed-config-text.ts";
import { toPlainJson } from "./to-plain-json.ts";

/** Reads YAML 1.2. Throws the parser's error, on one line, with the place. */
export function parseYaml(text: string): ParsedConfigText {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, version: "1.2" });
  const [error] = document.errors;
  // What follows the first line draws the place once more.
  if (error !== undefined) throw new SyntaxError(firstLine(error.message), { cause: error });
  return {
    value: toPlainJson(document.toJS({ maxAliasCount: 100 })),
    lineOf: (keys) => {
      const node = document.getIn(keys, true);
      const range = isNode(node) ? node.range : undefined;
      return range ? lines.linePos(range[0]).line : undefined;
    },
  };
}

function firstLine(message: string): string {
  return message.split("\n", 1)[0]?.replace(/:$/, "") ?? message;
}
