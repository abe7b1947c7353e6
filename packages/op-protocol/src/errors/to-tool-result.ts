import { isOpError } from "op-core";
import { errorMetaKey, type ToolContext, type ToolResult } from "op-tools";
import { visibleFields } from "./to-json-rpc-error.ts";

/**
 * What a model is told when a tool fails: the code, what happened and what to do, as text and as data. What is not an
 * expected error stays here, under a number that the log explains.
 */
export function toToolResult(
  error: unknown,
  { requestId, logger }: Pick<ToolContext, "requestId" | "logger">,
): ToolResult {
  if (isOpError(error)) {
    const advice = error.advice === undefined ? "" : `\n${error.advice}`;
    return {
      content: [{ type: "text", text: `${error.code}: ${error.message}${advice}` }],
      isError: true,
      _meta: { [errorMetaKey]: visibleFields(error) },
    };
  }
  logger.error("a tool failed unexpectedly", { requestId, error });
  return {
    content: [
      {
        type: "text",
        text: `ERR_INTERNAL: The tool failed unexpectedly. The server's log has the details under ${requestId}.`,
      },
    ],
    isError: true,
    _meta: { [errorMetaKey]: { code: "ERR_INTERNAL", retryable: false, data: { requestId } } },
  };
}
