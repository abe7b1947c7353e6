import type { JsonObject } from "op-core";
import type { ToolContext } from "./tool-context.ts";
import type { ToolDescriptor } from "./tool-descriptor.ts";
import type { ToolResult } from "./tool-result.ts";

/**
 * A tool that can be called. Made by a factory at its first call and disposed when it is evicted, where it has
 * something to dispose.
 */
export interface Tool extends ToolDescriptor, Partial<AsyncDisposable> {
  call(args: JsonObject, context: ToolContext): Promise<ToolResult>;
}
