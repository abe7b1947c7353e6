/** Text of others, as part of a message: short, and without characters that do something. */
export function quote(text: string): string {
  return JSON.stringify(text.slice(0, 80)).replaceAll(
    invisible,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

/** Control characters, those that change the direction or can't be seen, and halves of characters. */
export const invisible = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
