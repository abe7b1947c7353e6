import { parse, TomlError } from "smol-toml";
import type { ParsedConfigText } from "./parsed-config-text.ts";
import { toPlainJson } from "./to-plain-json.ts";

/** Reads TOML. Throws the parser's error, on one line, with the place. */
export function parseToml(text: string): ParsedConfigText {
  return { value: toPlainJson(read(text)), lineOf: () => undefined };
}

function read(text: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const [problem] = error.message.split("\n", 1);
    const place = `line ${error.line}, column ${error.column}`;
    throw new SyntaxError(`${problem} at ${place}`, { cause: error });
  }
}
