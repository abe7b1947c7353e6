import type { ToolContext } from "../tool/tool-context.ts";
import type { ToolDescriptor } from "../tool/tool-descriptor.ts";
import type { ToolResult } from "../tool/tool-result.ts";
import { parseJsonObject } from "./json-object.ts";
import type { BuiltinAccess } from "./builtin-access.ts";
import { isMetaTool } from "./builtin-descriptors.ts";
import { MetaToolNestedError, ToolNotReadOnlyError } from "./builtin-error.ts";
import { resolveTool } from "./resolve-tool.ts";

/** A call to another tool, as the caller wrote it. */
export interface NamedCall {
  readonly name: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

/**
 * Calls another tool through the whole middleware, so that policy, approval and the audit log see that tool. `check`
 * may refuse it first. The context names the tool through which it is called. Tools that call others are refused with `ERR_META_TOOL_NESTED`, lest calls hide in calls.
 */
export async function callByName(
  request: NamedCall,
  access: BuiltinAccess,
  context: ToolContext,
  check?: (tool: ToolDescriptor) => void,
): Promise<ToolResult> {
  const tool = await resolveTool(request.name, access, context);
  if (isMetaTool(tool)) throw new MetaToolNestedError(tool.name);
  check?.(tool);
  return access.call(tool.name, parseJsonObject(request.arguments), context);
}

/** Refuses a tool that may change something. */
export function checkReadOnly({ name, risk }: ToolDescriptor): void {
  if (risk !== "read") throw new ToolNotReadOnlyError(name, risk);
}
