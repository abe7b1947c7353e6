import { isOpError } from "op-core";
import { SchemaRefusedError } from "../schema/schema-error.ts";
import type { ToolDescriptor } from "../tool/tool-descriptor.ts";
import { ToolQuarantinedError } from "./middleware-error.ts";

/** Settles like work on one of a tool's schemas; a schema of no use quarantines the tool. */
export async function orQuarantine<T>(tool: ToolDescriptor, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (isOpError(error) && error.code === SchemaRefusedError.code) {
      throw new ToolQuarantinedError(tool, error);
    }
    throw error;
  }
}
