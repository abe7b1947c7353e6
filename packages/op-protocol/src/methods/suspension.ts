import type { Logger } from "op-core";
import { CallSuspendedError, type Ask, type ReadOptions } from "op-tools";
import { createAsk } from "../server/ask.ts";
import { toCapabilityError } from "../server/client-input.ts";
import type { Exchange } from "../server/exchange.ts";
import type { RequestStates } from "../server/request-state.ts";

/** What reading and filling in share. */
export interface ReadServices {
  readonly states: RequestStates;
  readonly logger: Logger;
}

/** What a source of resources or prompts is given here: besides who reads, the way to ask that person. */
export interface AskingReadOptions extends ReadOptions {
  readonly ask: Ask;
}

/** Lets a source answer, or end the request with the questions it must have answered first. */
export async function readOrSuspend(
  exchange: Exchange,
  { states }: ReadServices,
  read: (options: AskingReadOptions) => Promise<object>,
): Promise<object> {
  const { signal, principal } = exchange;
  let made: Ask | undefined;
  // Most reads ask nothing.
  const options = {
    signal,
    principal,
    get ask(): Ask {
      return (made ??= createAsk(exchange, states));
    },
  };
  try {
    return await read(options);
  } catch (error) {
    if (error instanceof CallSuspendedError) return error.result;
    throw toCapabilityError(error, exchange);
  }
}
