import type { JsonObject, JsonValue } from "op-core";
import { ToolInputInvalidError } from "op-tools";
import * as z from "zod";

/** Any JSON value. Its schema says nothing, where zod's own says it by a page of references that some clients stumble over. */
export const jsonArgument = z.unknown().transform((value, context): JsonValue => {
  if (isJsonValue(value)) return value;
  context.addIssue({ code: "custom", message: "not a JSON value" });
  return z.NEVER;
});

/** Arguments as a call of the tool would read them; throws `ERR_TOOL_INPUT_INVALID`. */
export function parseInput<Input extends z.ZodObject>(
  tool: string,
  input: Input,
  args: JsonObject,
): z.output<Input> {
  const parsed = input.safeParse(args);
  if (parsed.success) return parsed.data;
  const violations = parsed.error.issues.map(({ path, message }) => ({
    path: path.length === 0 ? "(root)" : path.join("."),
    message,
  }));
  throw new ToolInputInvalidError(tool, violations);
}

function isJsonValue(value: unknown): value is JsonValue {
  if (Array.isArray(value)) return value.every(isJsonValue);
  if (typeof value === "number") return Number.isFinite(value);
  if (value === null || typeof value === "string" || typeof value === "boolean") return true;
  return typeof value === "object" && Object.values(value).every(isJsonValue);
}
