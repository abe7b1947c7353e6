import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { text as readAll } from "node:stream/consumers";
import { isJsonObject, type JsonObject } from "op-core";
import { toJsonValue } from "../jsonc/json-node.ts";
import { JsonSyntaxError } from "../jsonc/jsonc-error.ts";
import { parseJsonc } from "../jsonc/parse-jsonc.ts";
import { CallArgumentsError, InputUnreadableError } from "./cli-error.ts";
import type { CliIo } from "./cli-io.ts";

const example = `Give them as one JSON object in quotes, for example '{"name": "value"}', as @FILE, or as - for stdin.`;

/** The arguments of a call: JSON, `@FILE`, `-` for stdin; nothing means none. A fault is shown where it is. */
export async function readCallArguments(
  source: string | undefined,
  io: CliIo,
): Promise<JsonObject> {
  const text = await readSource(source ?? "{}", io);
  const value = parseText(text);
  if (isJsonObject(value)) return value;
  throw new CallArgumentsError("The arguments are not a JSON object.", { advice: example });
}

async function readSource(source: string, io: CliIo): Promise<string> {
  if (source === "-") return readAll(io.stdin);
  if (!source.startsWith("@")) return source;
  const file = resolve(io.cwd, source.slice(1));
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new InputUnreadableError(`The arguments cannot be read: ${reason}`, { cause: error });
  }
}

function parseText(text: string): unknown {
  try {
    return toJsonValue(parseJsonc(text));
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    const message = `The arguments are not JSON: ${error.message}\n${pointAt(text, error)}`;
    throw new CallArgumentsError(message, { advice: example, cause: error });
  }
}

/** The line with a caret below the fault. */
function pointAt(text: string, { line, column }: JsonSyntaxError): string {
  const whole = text.split("\n")[line - 1] ?? "";
  const start = Math.max(0, column - 40);
  const shown = whole.slice(start, start + 70).replaceAll("\t", " ");
  return `  ${shown}\n  ${" ".repeat(column - 1 - start)}^`;
}
