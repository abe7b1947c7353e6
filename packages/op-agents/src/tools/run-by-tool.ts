import type { JsonValue } from "op-core";
import type { ToolContext, ToolResult } from "op-tools";
import { AgentTaskError, UnknownOperationError } from "../agent-error.ts";
import type { TaskRequest } from "../pool/task.ts";
import type { AgentToolParts } from "./agent-tool-parts.ts";
import { toArguments, toolNameOf } from "./describe-operation.ts";

/** How a task is done by the tool of its operation. */
export interface RunByToolOptions extends Pick<AgentToolParts, "specs" | "call"> {
  readonly context: ToolContext;
}

/**
 * Does a task by calling the tool of its operation as a client does, so that it gets past nothing that calls go through.
 * What the tool answers without data is answered as text.
 */
export async function runByTool(
  { type, operation, input }: Pick<TaskRequest, "type" | "operation" | "input">,
  { specs, call, context }: RunByToolOptions,
): Promise<JsonValue> {
  const spec = specs.find((each) => each.type === type);
  const known = spec?.operations.find(({ name }) => name === operation);
  if (spec === undefined || known === undefined)
    throw new UnknownOperationError(type, operation, []);
  const result = await call(toolNameOf(spec, known), toArguments(known, input), context);
  if (result.isError === true) {
    throw new AgentTaskError({ code: "ERR_OPERATION", message: textIn(result) });
  }
  return result.structuredContent ?? textIn(result);
}

function textIn({ content }: ToolResult): string {
  return content.flatMap((block) => (block.type === "text" ? [block.text] : [])).join("\n");
}
