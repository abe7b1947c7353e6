import { isOpError, type JsonObject, type JsonValue } from "op-core";
import type { SchemaViolation } from "../schema/describe-violations.ts";
import type { JsonSchemaValidator } from "../schema/json-schema-validator.ts";
import { SchemaRefusedError } from "../schema/schema-error.ts";
import type { ToolDescriptor } from "../tool/tool-descriptor.ts";
import { ToolQuarantinedError } from "./middleware-error.ts";

/** Checks a value against one of a tool's schemas; a schema of no use quarantines the tool. */
export async function checkSchema(
  validator: JsonSchemaValidator,
  tool: ToolDescriptor,
  schema: JsonObject,
  value: JsonValue,
): Promise<readonly SchemaViolation[]> {
  try {
    return await validator.check(schema, value);
  } catch (error) {
    if (isOpError(error) && error.code === SchemaRefusedError.code) {
      throw new ToolQuarantinedError(tool, error);
    }
    throw error;
  }
}
