import type { JsonObject, JsonValue } from "op-core";
import type { ToolDescriptor } from "op-tools";
import { isJsonObject } from "../json-rpc/json-rpc-message.ts";
import { decodeHeaderValue } from "./header-value.ts";

/** A parameter that clients repeat in a header. */
export interface ParameterHeader {
  /** In lower case, as Node gives it. */
  readonly header: string;
  readonly path: readonly string[];
}

const keyword = "x-mcp-header";
const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/u;
const mirroredTypes = new Set(["string", "integer", "boolean"]);
const deepest = 16;
const noHeaders: readonly ParameterHeader[] = [];

function collect(schema: JsonObject, path: readonly string[]): readonly ParameterHeader[] {
  const { properties } = schema;
  if (!isJsonObject(properties) || path.length > deepest) return noHeaders;
  return Object.entries(properties).flatMap(([name, property]) => {
    if (!isJsonObject(property)) return noHeaders;
    const here = [...path, name];
    const nested = collect(property, here);
    const label = property[keyword];
    const isMirrored =
      typeof label === "string" &&
      token.test(label) &&
      typeof property["type"] === "string" &&
      mirroredTypes.has(property["type"]);
    return isMirrored
      ? [{ header: `mcp-param-${label.toLowerCase()}`, path: here }, ...nested]
      : nested;
  });
}

const known = new WeakMap<JsonObject, readonly ParameterHeader[]>();

/** The parameters that calls of a tool with this schema repeat in headers. */
export function parameterHeadersOf(inputSchema: JsonObject): readonly ParameterHeader[] {
  const found = known.get(inputSchema) ?? collect(inputSchema, []);
  known.set(inputSchema, found);
  return found;
}

/** What a call's arguments have at a path. */
export function valueAt(args: JsonObject, path: readonly string[]): JsonValue | undefined {
  let value: JsonValue | undefined = args;
  for (const name of path) value = isJsonObject(value) ? value[name] : undefined;
  return value;
}

function matches(text: string, value: JsonValue): boolean {
  if (typeof value === "string") return text === value;
  // Booleans as JSON has them; of what is neither, clients mirror nothing.
  if (typeof value !== "number") return text === JSON.stringify(value);
  return /^-?\d+(?:\.\d+)?$/u.test(text) && Number(text) === value;
}

/** What is wrong with the headers that repeat parameters of a call, or nothing. */
export function findParameterProblem(
  tool: ToolDescriptor,
  args: JsonObject,
  headerOf: (name: string) => string | undefined,
): string | undefined {
  for (const { header, path } of parameterHeadersOf(tool.inputSchema)) {
    const value = valueAt(args, path);
    const sent = headerOf(header);
    const isGiven = value !== undefined && value !== null;
    if (sent === undefined) {
      if (isGiven) return `the body has ${path.join(".")} but ${header} is missing`;
      continue;
    }
    const text = decodeHeaderValue(sent);
    if (text === undefined) return `${header} has characters or an encoding it must not have`;
    if (!isGiven || !matches(text, value))
      return `${header} does not match ${path.join(".")} in the body`;
  }
  return undefined;
}
