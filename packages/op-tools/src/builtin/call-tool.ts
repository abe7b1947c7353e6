import { defineTool } from "../tool/define-tool.ts";
import { withVia } from "../tool/derive-context.ts";
import type { Tool } from "../tool/tool.ts";
import type { BuiltinAccess } from "./builtin-access.ts";
import { builtinHeader } from "./builtin-header.ts";
import { callByName, checkReadOnly } from "./call-by-name.ts";
import { callInput } from "./call-input.ts";

/** Makes the tool that calls any other tool, under that tool's own name, risk and limits. */
export function createCallTool(access: BuiltinAccess): Tool {
  return defineTool({
    ...builtinHeader("call_tool"),
    input: callInput,
    call: (request, context) => callByName(request, access, withVia(context, "call_tool")),
  });
}

/** Makes the tool that calls tools which only read, so that a host may approve it once for all of them. */
export function createCallToolReadonly(access: BuiltinAccess): Tool {
  return defineTool({
    ...builtinHeader("call_tool_readonly"),
    input: callInput,
    call: (request, context) =>
      callByName(request, access, withVia(context, "call_tool_readonly"), checkReadOnly),
  });
}
