import { isErrorOf, isOpError, type Logger } from "op-core";
import {
  PromptNotFoundError,
  ResourceNotFoundError,
  ToolNotFoundError,
  visibleFields,
} from "op-tools";
import { JsonRpcError, rpcCodes } from "../json-rpc/json-rpc-error.ts";
import type { RpcErrorBody } from "../json-rpc/json-rpc-message.ts";

/** Where an error happened. */
export interface ErrorOrigin {
  readonly era: "legacy" | "modern";
  readonly requestId: string;
  readonly logger: Logger;
  /** Aborts when whoever asked no longer waits. */
  readonly signal?: AbortSignal;
}

function notFoundCode(error: unknown, era: "legacy" | "modern"): number | undefined {
  if (isErrorOf(error, ResourceNotFoundError) && era === "legacy") return rpcCodes.resourceNotFound;
  const notFound = [ToolNotFoundError, ResourceNotFoundError, PromptNotFoundError];
  return notFound.some((type) => isErrorOf(error, type)) ? rpcCodes.invalidParams : undefined;
}

/**
 * The error a client receives when a request itself fails. What is not an expected error stays here: the client gets a
 * number to quote, the log gets the rest.
 */
export function toJsonRpcError(
  error: unknown,
  { era, requestId, logger, signal }: ErrorOrigin,
): RpcErrorBody {
  if (error instanceof JsonRpcError) {
    const body = { code: error.rpcCode, message: error.message };
    return error.rpcData === undefined ? body : { ...body, data: error.rpcData };
  }
  if (isOpError(error)) {
    const message = error.advice === undefined ? error.message : `${error.message} ${error.advice}`;
    return {
      code: notFoundCode(error, era) ?? rpcCodes.internalError,
      message,
      // Where the protocol itself says what is not there, it says it at the top.
      data: isErrorOf(error, ResourceNotFoundError)
        ? { ...error.data, ...visibleFields(error) }
        : visibleFields(error),
    };
  }
  // Somebody who leaves is nothing that went wrong here, and nobody reads the answer.
  if (signal?.aborted === true && error === signal.reason)
    return { code: rpcCodes.internalError, message: "The request was cancelled." };
  logger.error("a request failed unexpectedly", { requestId, error });
  return {
    code: rpcCodes.internalError,
    message: `The request failed unexpectedly. The server's log has the details under ${requestId}.`,
    data: { code: "ERR_INTERNAL", requestId },
  };
}
