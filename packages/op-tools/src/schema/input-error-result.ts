import type { JsonObject } from "op-core";
import { errorMetaKey } from "../tool/error-result.ts";
import type { ToolResult } from "../tool/tool-result.ts";
import type { SchemaViolation } from "./describe-violations.ts";
import { ToolInputInvalidError } from "./schema-error.ts";

const longestSchema = 8192;

/** What a tool takes, as far as an answer about wrong arguments needs it. */
export interface InputDescription {
  readonly name: string;
  readonly inputSchema: JsonObject;
}

/** Answers wrong arguments: each of them, what was expected, what was given, and the schema they have to fit. */
export function inputErrorResult(
  tool: InputDescription,
  violations: readonly SchemaViolation[],
): ToolResult {
  const { code, message, advice, retryable, data } = new ToolInputInvalidError(
    tool.name,
    violations,
  );
  return {
    content: [
      { type: "text", text: `${code}: ${message}\n${advice}` },
      { type: "text", text: `The input schema:\n${schemaText(tool.inputSchema)}` },
    ],
    isError: true,
    _meta: { [errorMetaKey]: { code, retryable, data } },
  };
}

function schemaText(schema: JsonObject): string {
  const text = JSON.stringify(schema);
  if (text.length <= longestSchema) return text;
  return `${text.slice(0, longestSchema)}… (${text.length - longestSchema} more characters)`;
}
