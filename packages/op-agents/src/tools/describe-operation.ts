import { isJsonObject, type JsonObject, type JsonValue } from "op-core";
import { annotationsFor, toToolName, type ObjectSchema, type ToolDescriptor } from "op-tools";
import type { AgentSpec, OperationSpec } from "../spec/agent-spec.ts";

/** What an operation is called as a tool. */
export function toolNameOf({ type }: AgentSpec, { name, tool }: OperationSpec): string {
  return toToolName(tool ?? (name.startsWith(`${type}_`) ? name : `${type}_${name}`));
}

/** An operation as lists and searches know it; nothing has to run for that. */
export function describeOperation(
  spec: AgentSpec,
  operation: OperationSpec,
  source: string,
): ToolDescriptor {
  const { description, inputSchema, outputSchema, risk, isIdempotent } = operation;
  const name = toolNameOf(spec, operation);
  return {
    name,
    title: toTitle(name),
    description,
    inputSchema: toObjectSchema(inputSchema),
    ...(outputSchema === undefined || !isObjectSchema(outputSchema) ? {} : { outputSchema }),
    annotations: {
      ...annotationsFor(risk),
      openWorldHint: false,
      // What only reads is not called idempotent: its answers change with time, and are not to be given again.
      ...(isIdempotent && risk !== "read" ? { idempotentHint: true } : {}),
    },
    category: spec.type,
    tags: ["agent", spec.type],
    source,
    risk,
  };
}

/** What a tool takes for what an agent takes: tools take objects, agents any JSON. */
export function toInput({ inputSchema }: OperationSpec, args: JsonObject): JsonValue {
  return isObjectSchema(inputSchema) ? args : (args["input"] ?? null);
}

/** What its tool takes for what an agent takes. */
export function toArguments({ inputSchema }: OperationSpec, input: JsonValue): JsonObject {
  if (!isObjectSchema(inputSchema)) return { input };
  if (input === null) return {};
  return isJsonObject(input) ? input : { input };
}

function toObjectSchema(schema: JsonObject): ObjectSchema {
  if (isObjectSchema(schema)) return { ...schema, type: "object" };
  return { type: "object", properties: { input: schema }, required: ["input"] };
}

function isObjectSchema({ type }: JsonObject): boolean {
  return type === "object";
}

function toTitle(name: string): string {
  const words = name.replaceAll(/[_-]+/gu, " ").trim();
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}
