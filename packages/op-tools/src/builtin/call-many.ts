import * as z from "zod";
import { defineTool } from "../tool/define-tool.ts";
import type { ToolDescriptor } from "../tool/tool-descriptor.ts";
import type { Tool } from "../tool/tool.ts";
import type { BuiltinAccess } from "./builtin-access.ts";
import { builtinHeader } from "./builtin-header.ts";
import { checkReadOnly } from "./call-by-name.ts";
import { callInput } from "./call-input.ts";
import { runBatch } from "./run-batch.ts";

const input = z.strictObject({
  calls: z
    .array(callInput)
    .min(1)
    .max(20)
    .meta({ description: "The calls. None may need another's result." }),
});

/** Makes the tool that calls several tools at once, each under its own name, risk and limits. */
export function createCallMany(access: BuiltinAccess): Tool {
  return createBatchTool("call_many", access);
}

/** Makes the tool that calls several tools at once which only read, so that a host may approve it once for all of them. */
export function createCallManyReadonly(access: BuiltinAccess): Tool {
  return createBatchTool("call_many_readonly", access, checkReadOnly);
}

function createBatchTool(
  name: "call_many" | "call_many_readonly",
  access: BuiltinAccess,
  check?: (tool: ToolDescriptor) => void,
): Tool {
  return defineTool({
    ...builtinHeader(name),
    input,
    call: ({ calls }, context) => runBatch(calls, { access, context, via: name, check }),
  });
}
