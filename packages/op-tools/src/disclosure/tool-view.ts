import type { JsonObject } from "op-core";
import type { ToolContext } from "../tool/tool-context.ts";
import type { ToolDescriptor } from "../tool/tool-descriptor.ts";
import type { ToolResult } from "../tool/tool-result.ts";

/**
 * What one kind of client is shown, and the way to call it. The list is the same for everyone who has the view; it
 * changes only when the tools themselves do. Tools that are not listed stay callable by name.
 */
export interface ToolView {
  /** How many tools are listed. */
  readonly size: number;
  /** Changes whenever the list does; a page cursor of another revision is stale. */
  readonly revision: string;
  /** The listed tools from `start` up to `end`, in their fixed order: pinned ones first, then by name. */
  slice(start: number, end: number): readonly ToolDescriptor[];
  /** What is known of one tool, listed or not. */
  find(name: string): ToolDescriptor | undefined;
  call(name: string, args: JsonObject, context: ToolContext): Promise<ToolResult>;
  /** Tells when the list changed, at once and once per change; dispose to stop. */
  onChanged(listener: () => void): Disposable;
}
