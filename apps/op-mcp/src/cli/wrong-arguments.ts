import { isJsonObject, type JsonValue } from "op-core";
import {
  errorMetaKey,
  type SchemaViolation,
  ToolInputInvalidError,
  type ToolResult,
} from "op-tools";

/**
 * The failure that a result stands for when the arguments did not fit. It is answered as a result, with the schema, so
 * that a model can correct itself; a shell wants a failure and an exit code.
 */
export function wrongArgumentsIn(
  name: string,
  { _meta }: ToolResult,
): ToolInputInvalidError | undefined {
  const error = _meta?.[errorMetaKey];
  if (!isJsonObject(error) || error["code"] !== ToolInputInvalidError.code) return undefined;
  const { violations } = isJsonObject(error["data"]) ? error["data"] : {};
  return new ToolInputInvalidError(name, toViolations(violations));
}

function toViolations(value: JsonValue | undefined): readonly SchemaViolation[] {
  const items = Array.isArray(value) ? value.filter(isJsonObject) : [];
  return items.flatMap(({ path, message }) =>
    typeof path === "string" && typeof message === "string" ? [{ path, message }] : [],
  );
}
