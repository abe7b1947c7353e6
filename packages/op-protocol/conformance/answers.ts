import type { JsonObject } from "op-core";
import {
  textResult,
  type ContentBlock,
  type ObjectSchema,
  type ToolContext,
  type ToolResult,
} from "op-tools";

/** What a fixture does. */
export type Handler = (args: JsonObject, context: ToolContext) => ToolResult | Promise<ToolResult>;

/** A tool the suite calls by name. */
export interface Fixture {
  readonly schema?: ObjectSchema;
  readonly call: Handler;
}

/** The smallest picture there is. */
export const png =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==";

/** The smallest sound there is. */
export const wav = "UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQIAAAA=";

/** An object schema with these properties. */
export function objectSchema(
  properties: JsonObject = {},
  required: readonly string[] = [],
): ObjectSchema {
  return { type: "object", properties, required: [...required] };
}

/** Answers with fixed blocks. */
export function says(...content: readonly ContentBlock[]): Handler {
  return () => ({ content });
}

export { textResult };
