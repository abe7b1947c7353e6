import { operationFailure } from "../../serving/operation-failure.ts";
import { quote } from "../text/quote.ts";

/** Makes the error for a command that is not run. `what` is refused because of `why`; `advice` says what would be. */
export function refusal(what: string, why: string, advice?: string): Error {
  return operationFailure({
    code: "ERR_COMMAND_REFUSED",
    message: `${quote(what)} was refused: ${why}.`,
    ...(advice === undefined ? {} : { advice }),
  });
}
