import { isJsonObject, type JsonObject, type JsonValue } from "op-core";

/** A value that was read from text, or what is wrong with the text. */
export type ParsedLeaf =
  | { readonly isOk: true; readonly value: JsonValue }
  | { readonly isOk: false; readonly message: string };

const booleans = new Map([
  ["true", true],
  ["1", true],
  ["yes", true],
  ["on", true],
  ["false", false],
  ["0", false],
  ["no", false],
  ["off", false],
]);

type Parse = (text: string, schema: JsonObject) => ParsedLeaf;

const parsers: ReadonlyMap<unknown, Parse> = new Map<unknown, Parse>([
  ["string", ok],
  ["integer", parseNumber],
  ["number", parseNumber],
  ["boolean", parseBoolean],
  ["array", parseList],
  ["object", parseObject],
]);

/**
 * Reads the text of an environment variable or a flag as the leaf's type: numbers, booleans (`true`, `1`, `yes`, `on`
 * and their opposites), lists as JSON or separated by commas, anything else as JSON. Ranges and choices are left to the
 * schema.
 */
export function parseLeafValue(schema: JsonObject, text: string): ParsedLeaf {
  const parse = parsers.get(schema["type"]) ?? parseAny;
  return parse(text, schema);
}

function parseNumber(text: string): ParsedLeaf {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value))
    return fail(`must be a number, not ${quote(text)}`);
  return ok(value);
}

function parseBoolean(text: string): ParsedLeaf {
  const value = booleans.get(text.trim().toLowerCase());
  return value === undefined ? fail(`must be true or false, not ${quote(text)}`) : ok(value);
}

function parseList(text: string, schema: JsonObject): ParsedLeaf {
  if (text.trimStart().startsWith("[")) {
    const value = parseJson(text);
    return Array.isArray(value)
      ? ok(value)
      : fail("must be a list separated by commas, or a JSON list");
  }
  const itemSchema = isJsonObject(schema["items"]) ? schema["items"] : {};
  const items = text.split(",").flatMap((item) => (item.trim() === "" ? [] : [item.trim()]));
  const parsed = items.map((item) => parseLeafValue(itemSchema, item));
  const failed = parsed.find((item) => !item.isOk);
  return failed ?? ok(parsed.flatMap((item) => (item.isOk ? [item.value] : [])));
}

function parseObject(text: string): ParsedLeaf {
  const value = parseJson(text);
  return isJsonObject(value) ? ok(value) : fail("must be a JSON object");
}

function parseAny(text: string): ParsedLeaf {
  return ok(parseJson(text) ?? text);
}

function parseJson(text: string): JsonValue | undefined {
  try {
    const value: JsonValue = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}

function ok(value: JsonValue): ParsedLeaf {
  return { isOk: true, value };
}

function fail(message: string): ParsedLeaf {
  return { isOk: false, message };
}

function quote(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}
