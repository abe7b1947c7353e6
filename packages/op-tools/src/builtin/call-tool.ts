import { defineTool } from "../tool/define-tool.ts";
import type { Tool } from "../tool/tool.ts";
import type { BuiltinAccess } from "./builtin-access.ts";
import { builtinHeader } from "./builtin-header.ts";
import { callInput } from "./call-input.ts";
import { callByName } from "./call-by-name.ts";

/** Makes the tool that calls any other tool, under that tool's own name, risk and limits. */
export function createCallTool(access: BuiltinAccess): Tool {
  return defineTool({
    ...builtinHeader("call_tool"),
    input: callInput,
    call: (request, context) => callByName(request, access, context, { via: "call_tool" }),
  });
}
