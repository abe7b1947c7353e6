import { defineTool } from "../tool/define-tool.ts";
import type { Tool } from "../tool/tool.ts";
import type { BuiltinAccess } from "./builtin-access.ts";
import { ToolNotReadOnlyError } from "./builtin-error.ts";
import { builtinHeader } from "./builtin-header.ts";
import { callByName } from "./call-by-name.ts";
import { callInput } from "./call-input.ts";

/** Makes the tool that calls tools which only read, so that a host may approve it once for all of them. */
export function createCallToolReadonly(access: BuiltinAccess): Tool {
  return defineTool({
    ...builtinHeader("call_tool_readonly"),
    input: callInput,
    call: (request, context) =>
      callByName(request, access, context, {
        via: "call_tool_readonly",
        check: ({ name, risk }) => {
          if (risk !== "read") throw new ToolNotReadOnlyError(name, risk);
        },
      }),
  });
}
