import type { JsonObject } from "op-core";
import type { CallEffect } from "./call-effect.ts";
import type { ToolContext } from "./tool-context.ts";
import type { ToolDescriptor } from "./tool-descriptor.ts";
import type { ToolResult } from "./tool-result.ts";

/**
 * A tool that can be called. Made by a factory at its first call and disposed when it is evicted, where it has
 * something to dispose.
 */
export interface Tool extends ToolDescriptor, Partial<AsyncDisposable> {
  call(args: JsonObject, context: ToolContext): Promise<ToolResult>;
  /** What a call would do, for tools whose calls differ. Changes nothing; refuses what a call would refuse. */
  effectOf?(args: JsonObject, context: ToolContext): Promise<CallEffect>;
  /** Answers what a call would do instead of doing it. */
  preview?(args: JsonObject, context: ToolContext): Promise<ToolResult>;
}
