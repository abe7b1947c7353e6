import { isJsonObject, type JsonObject, type JsonValue } from "op-core";
import type { ToolDescriptor } from "op-tools";
import { decodeHeaderValue } from "./header-value.ts";

/** A parameter that clients repeat in a header. */
export interface ParameterHeader {
  /** In lower case, as Node gives it. */
  readonly header: string;
  readonly path: readonly string[];
}

/** A place in a schema that wants a header. */
interface Annotation {
  readonly label: JsonValue;
  readonly type: JsonValue | undefined;
  /** Through properties alone; absent where the place is under anything else or too deep to be a parameter. */
  readonly path: readonly string[] | undefined;
}

/** A schema that is still to be looked at. */
interface Open {
  readonly schema: JsonValue | undefined;
  readonly path: readonly string[] | undefined;
}

const keyword = "x-mcp-header";
const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/u;
const deepest = 64;
const mirroredTypes = new Set<unknown>(["string", "integer", "boolean"]);

/** Keywords of JSON Schema under which there is a schema, or a list of them. */
const schemaKeywords = [
  "items",
  "prefixItems",
  "contains",
  "additionalItems",
  "additionalProperties",
  "unevaluatedItems",
  "unevaluatedProperties",
  "propertyNames",
  "contentSchema",
  "allOf",
  "anyOf",
  "oneOf",
  "not",
  "if",
  "then",
  "else",
] as const;

/** Those under which there are schemas by name, besides `properties`. */
const mapKeywords = ["patternProperties", "dependentSchemas", "$defs", "definitions"] as const;

function hasAnnotation(schema: JsonObject): boolean {
  return Object.hasOwn(schema, keyword);
}

function below(schema: JsonObject, path: readonly string[] | undefined): readonly Open[] {
  const { properties } = schema;
  const named = isJsonObject(properties) ? Object.entries(properties) : [];
  const others = [
    ...schemaKeywords.flatMap((key) => schema[key] ?? []),
    ...mapKeywords.flatMap((key) => {
      const map = schema[key];
      return isJsonObject(map) ? Object.values(map) : [];
    }),
  ];
  return [
    ...named.map(([name, property]) => ({
      schema: property,
      path: path === undefined || path.length >= deepest ? undefined : [...path, name],
    })),
    ...others.map((other) => ({ schema: other, path: undefined })),
  ];
}

/** Every place in a schema that wants a header. Recurses into nothing: a schema may be nested deeper than a stack is. */
function annotationsIn(inputSchema: JsonObject): readonly Annotation[] {
  const found: Annotation[] = [];
  const open: Open[] = [{ schema: inputSchema, path: [] }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { schema, path } = next;
    if (!isJsonObject(schema)) continue;
    if (hasAnnotation(schema))
      found.push({ label: schema[keyword] ?? null, type: schema["type"], path });
    open.push(...below(schema, path));
  }
  return found;
}

/** What keeps a place from having its header, or nothing. */
function findFault({ label, type, path }: Annotation): string | undefined {
  if (path === undefined || path.length === 0)
    return `it asks for the header ${JSON.stringify(label)} in a place that no parameter has`;
  const parameter = path.join(".");
  if (typeof label !== "string" || !token.test(label))
    return `${parameter} cannot have a header called ${JSON.stringify(label)}`;
  return mirroredTypes.has(type)
    ? undefined
    : `${parameter} has a header, but is neither a string, an integer nor a boolean`;
}

const known = new WeakMap<JsonObject, readonly ParameterHeader[]>();

/** The parameters that calls of a tool with this schema repeat in headers. */
export function parameterHeadersOf(inputSchema: JsonObject): readonly ParameterHeader[] {
  const found = known.get(inputSchema) ?? collect(inputSchema);
  known.set(inputSchema, found);
  return found;
}

function collect(inputSchema: JsonObject): readonly ParameterHeader[] {
  return annotationsIn(inputSchema).flatMap((annotation) => {
    const { label, path = [] } = annotation;
    return typeof label === "string" && findFault(annotation) === undefined
      ? [{ header: `mcp-param-${label.toLowerCase()}`, path }]
      : [];
  });
}

/**
 * Why a tool cannot be called over HTTP in the stateless era, or nothing: the headers that its schema asks for cannot be
 * sent, or not told apart. Clients must not offer such a tool.
 */
export function findHeaderProblem(inputSchema: JsonObject): string | undefined {
  const annotations = annotationsIn(inputSchema);
  for (const annotation of annotations) {
    const fault = findFault(annotation);
    if (fault !== undefined) return fault;
  }
  const headers = parameterHeadersOf(inputSchema).map(({ header }) => header);
  const twice = headers.find((header, index) => headers.indexOf(header) !== index);
  return twice === undefined ? undefined : `two of its parameters have the header ${twice}`;
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
