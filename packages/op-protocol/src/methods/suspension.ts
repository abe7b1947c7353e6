import { CallSuspendedError, type ReadOptions, type ToolContext } from "op-tools";
import { createCallContext, type CallServices } from "../server/call-context.ts";
import { toCapabilityError } from "../server/client-input.ts";
import type { Exchange } from "../server/exchange.ts";

/**
 * What a source of resources or prompts is given here: besides who reads, the way to ask that person, what the request
 * says of itself, and the ways to tell its client something meanwhile.
 */
export interface AskingReadOptions
  extends
    ReadOptions,
    Pick<
      ToolContext,
      | "ask"
      | "meta"
      | "sessionId"
      | "reportProgress"
      | "logToClient"
      | "clientLogLevel"
      | "notifyClient"
      | "session"
    > {}

/** Lets a source answer, or end the request with the questions it must have answered first. */
export async function readOrSuspend(
  exchange: Exchange,
  services: CallServices,
  read: (options: AskingReadOptions) => Promise<object>,
): Promise<object> {
  try {
    return await read(createCallContext(exchange, services));
  } catch (error) {
    if (error instanceof CallSuspendedError) return error.result;
    throw toCapabilityError(error, exchange);
  }
}
