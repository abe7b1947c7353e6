import type { JsonObject } from "op-core";
import type { CallEffect } from "../tool/call-effect.ts";
import type { ToolContext } from "../tool/tool-context.ts";
import type { ToolDescriptor } from "../tool/tool-descriptor.ts";
import type { ToolResult } from "../tool/tool-result.ts";

/** Tells what calls to one tool would do. Loads the tool, and changes nothing. */
export interface CallInspector {
  /** As the tool says; for a tool whose calls are all alike, its risk and nothing more. */
  effectOf(call: ToolCall): Promise<CallEffect>;
  /** The answer of a dry run; nothing where the tool cannot tell. */
  preview(call: ToolCall): Promise<ToolResult | undefined>;
}

/** One call on its way through the middleware to the tool. */
export interface ToolCall {
  readonly tool: ToolDescriptor;
  readonly args: JsonObject;
  readonly context: ToolContext;
  readonly inspector?: CallInspector;
}

/** The rest of the way. */
export type Next = (call: ToolCall) => Promise<ToolResult>;

/** How a call ended. */
export type Outcome =
  | { readonly kind: "answered"; readonly result: ToolResult }
  | { readonly kind: "failed"; readonly error: unknown };

/**
 * One concern of every call. The list is an onion: the lowest priority is outermost and sees the call first and its
 * outcome last. `before` may end the call early by answering it; `around` may change the call, the result, or skip the
 * rest; `after` only watches.
 */
export interface Middleware {
  readonly name: string;
  /** 0 runs first, 255 last; equals keep the order they were given in. */
  readonly priority: number;
  /** Asked once per tool, not per call: a tool pays only for what concerns it. Absent means every tool. */
  appliesTo?(tool: ToolDescriptor): boolean;
  before?(call: ToolCall): ToolResult | undefined | Promise<ToolResult | undefined>;
  around?(call: ToolCall, next: Next): Promise<ToolResult>;
  after?(call: ToolCall, outcome: Outcome): void | Promise<void>;
}
