import { isOpError } from "op-core";
import { escapeControlsInBlock } from "../text/escape-controls.ts";

/** What someone at a terminal is told about a failure: the message, then what to do. */
export function describeFailure(error: unknown): string {
  if (isOpError(error)) {
    const advice = error.advice === undefined ? "" : `\n${error.advice}`;
    return escapeControlsInBlock(`op-mcp: ${error.message}${advice}\n`);
  }
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return escapeControlsInBlock(`op-mcp: Something unexpected happened. ${detail}\n`);
}

/** The same for programs. */
export function failureToJson(error: unknown): object {
  if (!isOpError(error)) {
    return {
      error: {
        code: "ERR_INTERNAL",
        message: error instanceof Error ? error.message : String(error),
      },
    };
  }
  const { code, message, advice, data, retryable } = error;
  return { error: { code, message, ...(advice === undefined ? {} : { advice }), data, retryable } };
}
