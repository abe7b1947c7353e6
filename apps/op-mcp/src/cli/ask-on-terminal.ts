import { createInterface, type Interface } from "node:readline/promises";
import { Writable } from "node:stream";
import { isJsonObject, type JsonObject, type JsonValue } from "op-core";
import { type Answer, type Ask, AskUnavailableError, type Question } from "op-tools";
import { parseLeafValue } from "../config/parse-leaf-value.ts";
import { escapeControls, escapeControlsInBlock } from "../text/escape-controls.ts";
import type { CliIo } from "./cli-io.ts";

/**
 * Asks the person at the terminal, on stderr. Nothing is accepted but a written yes. Where nobody can answer, because
 * stdin is no terminal, it rejects with `ERR_ASK_UNAVAILABLE`.
 */
export function createTerminalAsk(io: CliIo, signal: AbortSignal): Ask {
  return async (question) => {
    if (io.stdin.isTTY !== true) {
      throw new AskUnavailableError("stdin is not a terminal, so nobody can answer.");
    }
    const output = new Writable({
      write: (chunk, _encoding, done) => {
        io.stderr.write(String(chunk));
        done();
      },
    });
    using terminal = createInterface({ input: io.stdin, output });
    return await askAll(question, createPrompt(terminal, io, signal));
  };
}

/** Asks for one line; `undefined` when there will be none. */
type Prompt = (text: string) => Promise<string | undefined>;

function createPrompt(terminal: Interface, { stderr }: CliIo, signal: AbortSignal): Prompt {
  const closed = Promise.withResolvers<undefined>();
  terminal.once("close", () => closed.resolve(undefined));
  return async (text) => {
    const answer = await Promise.race([terminal.question(text, { signal }), closed.promise]);
    // Ctrl-D leaves the cursor behind the question.
    if (answer === undefined) stderr.write("\n");
    return answer;
  };
}

async function askAll(question: Question, ask: Prompt): Promise<Answer> {
  const fields = fieldsOf(question);
  const [only] = fields;
  const isPlainYes =
    fields.length === 0 || (fields.length === 1 && only?.schema["type"] === "boolean");
  const first = await ask(`${escapeControlsInBlock(question.message)}\nAllow it? [y/N] `);
  if (first === undefined) return { action: "cancel" };
  if (!isYes(first)) return { action: "decline" };
  if (isPlainYes)
    return { action: "accept", content: only === undefined ? {} : { [only.name]: true } };
  const content = await fillIn(fields, ask);
  return content === undefined ? { action: "cancel" } : { action: "accept", content };
}

interface Field {
  readonly name: string;
  readonly schema: JsonObject;
  readonly isRequired: boolean;
}

async function fillIn(fields: readonly Field[], ask: Prompt): Promise<JsonObject | undefined> {
  const content = new Map<string, JsonValue>();
  for (const field of fields) {
    const text = await ask(`${labelOf(field)}: `);
    if (text === undefined) return undefined;
    const value = readField(field, text);
    if (value === undefined && field.isRequired) return undefined;
    if (value !== undefined) content.set(field.name, value);
  }
  return Object.fromEntries(content);
}

function readField({ schema }: Field, text: string): JsonValue | undefined {
  if (text.trim() === "") return schema["default"];
  if (schema["type"] === "boolean") return isYes(text);
  const parsed = parseLeafValue(schema, text.trim());
  return parsed.isOk ? parsed.value : undefined;
}

function fieldsOf({ schema }: Question): readonly Field[] {
  const properties = isJsonObject(schema["properties"]) ? schema["properties"] : {};
  const required = Array.isArray(schema["required"]) ? schema["required"] : [];
  return Object.entries(properties).map(([name, property]) => ({
    name,
    schema: isJsonObject(property) ? property : {},
    isRequired: required.includes(name),
  }));
}

function labelOf({ name, schema }: Field): string {
  const title = schema["title"] ?? schema["description"];
  const choices = Array.isArray(schema["enum"]) ? ` (${schema["enum"].join(", ")})` : "";
  const hint = schema["type"] === "boolean" ? " [y/N]" : "";
  return escapeControls(`${typeof title === "string" ? title : name}${choices}${hint}`);
}

function isYes(text: string): boolean {
  return /^y(?:es)?$/i.test(text.trim());
}
