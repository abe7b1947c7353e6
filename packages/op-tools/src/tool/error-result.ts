import { isOpError, type JsonObject } from "op-core";
import type { ToolContext } from "./tool-context.ts";
import type { ToolResult } from "./tool-result.ts";

/** Where in `_meta` a result carries the error it stands for, as data. */
export const errorMetaKey = "op-mcp/error";

/** The fields of an expected error that a client may see. */
export function visibleFields(error: {
  readonly code: string;
  readonly retryable: boolean;
  readonly advice: string | undefined;
  readonly data: JsonObject;
}): JsonObject {
  const { code, retryable, advice, data } = error;
  return { code, retryable, ...(advice === undefined ? {} : { advice }), data };
}

/**
 * What a model is told when a tool fails: the code, what happened and what to do, as text and as data. What is not an
 * expected error stays here, under a number that the log explains.
 */
export function errorResult(
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
