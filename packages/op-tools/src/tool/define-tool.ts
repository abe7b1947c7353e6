import type { JsonObject, JsonValue } from "op-core";
import * as z from "zod";
import { formatPath, type SchemaViolation } from "../schema/describe-violations.ts";
import { inputErrorResult } from "../schema/input-error-result.ts";
import { annotationsFor } from "./annotations-for.ts";
import type { Risk } from "./risk.ts";
import { ToolSchemaError } from "./tool-schema-error.ts";
import type { ToolContext } from "./tool-context.ts";
import type { Icon, ObjectSchema, ToolAnnotations } from "./tool-descriptor.ts";
import { dataResult, type ToolResult } from "./tool-result.ts";
import type { Tool } from "./tool.ts";

/** What every definition of a tool says. */
export interface ToolDefinitionHead<Input extends z.ZodObject> {
  readonly name: string;
  readonly title?: string;
  readonly description: string;
  /** What the tool takes; `call` gets it parsed, with defaults applied. */
  readonly input: Input;
  readonly category: string;
  readonly tags?: readonly string[];
  readonly risk: Risk;
  /** What differs from the annotations that follow from the risk. */
  readonly annotations?: ToolAnnotations;
  /** The name of the source it belongs to; `"builtin"` unless told. */
  readonly source?: string;
  readonly icons?: readonly Icon[];
}

/** A tool that makes its result itself. */
export interface ToolDefinition<Input extends z.ZodObject> extends ToolDefinitionHead<Input> {
  readonly output?: never;
  call(args: z.output<Input>, context: ToolContext): Promise<ToolResult>;
}

/** A tool that answers data. */
export interface DataToolDefinition<
  Input extends z.ZodObject,
  Output extends z.ZodType,
> extends ToolDefinitionHead<Input> {
  /** What the tool answers: `call` returns it, and the result has it as data and as text. */
  readonly output: Output;
  call(args: z.output<Input>, context: ToolContext): Promise<z.output<Output>>;
}

/**
 * Makes a tool whose arguments are described, checked and typed by one zod schema. Wrong arguments are answered by an
 * error result, as the validating middleware does. Throws `ERR_TOOL_SCHEMA` for what JSON Schema cannot express.
 */
export function defineTool<Input extends z.ZodObject, Output extends z.ZodType>(
  definition: DataToolDefinition<Input, Output>,
): Tool;
export function defineTool<Input extends z.ZodObject>(definition: ToolDefinition<Input>): Tool;
export function defineTool<Input extends z.ZodObject, Output extends z.ZodType>(
  definition: ToolDefinition<Input> | DataToolDefinition<Input, Output>,
): Tool {
  const { name, title, description, input, output, category, risk, icons } = definition;
  const inputSchema: ObjectSchema = { ...toJsonSchema(name, "input", input), type: "object" };
  return {
    name,
    ...(title === undefined ? {} : { title }),
    description,
    inputSchema,
    ...(output === undefined ? {} : { outputSchema: toJsonSchema(name, "output", output) }),
    annotations: { ...annotationsFor(risk), ...definition.annotations },
    category,
    tags: definition.tags ?? [],
    source: definition.source ?? "builtin",
    risk,
    ...(icons === undefined ? {} : { icons }),
    call: async (args, context) => {
      const parsed = await input.safeParseAsync(args);
      if (!parsed.success) {
        return inputErrorResult({ name, inputSchema }, parsed.error.issues.map(toViolation));
      }
      return answersData(definition)
        ? dataResult(toJson(await definition.call(parsed.data, context)))
        : await definition.call(parsed.data, context);
    },
  };
}

function answersData<Input extends z.ZodObject, Output extends z.ZodType>(
  definition: ToolDefinition<Input> | DataToolDefinition<Input, Output>,
): definition is DataToolDefinition<Input, Output> {
  return definition.output !== undefined;
}

/** What is left of data on the wire: keys without a value are gone. */
function toJson(data: unknown): JsonValue {
  return JSON.parse(JSON.stringify(data ?? null));
}

function toJsonSchema(tool: string, io: "input" | "output", schema: z.ZodType): JsonObject {
  try {
    // A round trip leaves plain JSON: what zod adds beside the schema is not enumerable.
    const made = z.toJSONSchema(schema, { io, target: "draft-2020-12", override: sayTrue });
    return JSON.parse(JSON.stringify(made));
  } catch (error) {
    throw new ToolSchemaError(tool, io, error);
  }
}

/** An object that takes further properties says so by `true`: some clients stumble over the `{}` that zod writes. */
function sayTrue({ jsonSchema }: { jsonSchema: z.core.JSONSchema.BaseSchema }): void {
  const { additionalProperties: further } = jsonSchema;
  if (typeof further === "object" && Object.keys(further).length === 0)
    jsonSchema.additionalProperties = true;
}

function toViolation({ path, message }: z.core.$ZodIssue): SchemaViolation {
  return { path: formatPath(path), message };
}
