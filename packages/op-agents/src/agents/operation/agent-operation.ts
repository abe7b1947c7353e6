import type { JsonObject, JsonValue } from "op-core";
import { isJsonObject } from "../../serving/is-json-object.ts";
import type { Operation, OperationContext } from "../../serving/serve-agent.ts";
import type { OperationSpec } from "../../spec/agent-spec.ts";
import { malformed, type Field } from "./field.ts";

/** An operation of an agent that comes with this package: what is said of it, and what it does. */
export interface AgentOperation<Setting> {
  readonly name: string;
  readonly description: string;
  readonly risk: OperationSpec["risk"];
  readonly isIdempotent: boolean;
  readonly fields: readonly Field<unknown>[];
  readonly outputSchema: JsonObject;
  run(input: JsonObject, setting: Setting, context: OperationContext): Promise<JsonObject>;
}

/** What is said of an operation. */
export function toOperationSpec(operation: AgentOperation<never>): OperationSpec {
  const { name, description, risk, isIdempotent, fields, outputSchema } = operation;
  return {
    name,
    tool: name,
    description,
    risk,
    isIdempotent,
    inputSchema: toInputSchema(fields),
    outputSchema,
  };
}

/** What an agent serves: the operation, given only what its fields describe. */
export function toServed<Setting>(operation: AgentOperation<Setting>, setting: Setting): Operation {
  return async (input, context) => {
    context.signal.throwIfAborted();
    return await operation.run(checkNames(input, operation.fields), setting, context);
  };
}

function toInputSchema(fields: readonly Field<unknown>[]): JsonObject {
  const required = fields.filter(({ isRequired }) => isRequired).map(({ name }) => name);
  return {
    type: "object",
    properties: Object.fromEntries(fields.map(({ name, schema }) => [name, schema])),
    ...(required.length === 0 ? {} : { required }),
    additionalProperties: false,
  };
}

/** What is misspelt would otherwise be done without. */
function checkNames(input: JsonValue, fields: readonly Field<unknown>[]): JsonObject {
  const names = fields.map(({ name }) => name);
  const advice = names.length === 0 ? "It takes nothing." : `It takes: ${names.join(", ")}.`;
  if (!isJsonObject(input)) throw malformed("it is no object", advice);
  const odd = Object.keys(input).find((name) => !names.includes(name));
  if (odd === undefined) return input;
  throw malformed(`it has ${JSON.stringify(odd.slice(0, 40))}`, advice);
}
