import { operationFailure } from "../../serving/operation-failure.ts";

/** Makes the error for a command that is not run. `what` is refused because of `why`; `advice` says what would be. */
export function refusal(what: string, why: string, advice?: string): Error {
  return operationFailure({
    code: "ERR_COMMAND_REFUSED",
    message: `${quote(what)} was refused: ${why}.`,
    ...(advice === undefined ? {} : { advice }),
  });
}

/** Text of others, as part of a message: short, and without characters that do something. */
export function quote(text: string): string {
  return JSON.stringify(text.slice(0, 80)).replaceAll(
    invisible,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

/** Control characters, those that change the direction or can't be seen, and halves of characters. */
export const invisible = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
