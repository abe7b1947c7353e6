import { StringDecoder } from "node:string_decoder";

/** Makes text of bytes as they come. */
export interface OutputText {
  /** The text that these bytes complete. */
  add(bytes: Buffer): string;
  /** All of it. */
  end(): string;
}

/** Controls of terminals, and what changes the direction of text or hides in it; lines and tabs stay. */
const active = /[^\P{Cc}\n\t]|[\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/gu;

/** Reads output as UTF-8; unless it is for a program, what would do something to a terminal or to a reader becomes �. */
export function createOutputText(isForProgram = false): OutputText {
  const decoder = new StringDecoder("utf8");
  const parts: string[] = [];
  const keep = (text: string) => {
    const plain = isForProgram ? text : plainText(text);
    parts.push(plain);
    return plain;
  };
  return {
    add: (bytes) => keep(decoder.write(bytes)),
    end: () => {
      keep(decoder.end());
      return parts.join("");
    },
  };
}

/** The text without anything that does something. */
export function plainText(text: string): string {
  return text.replaceAll(active, "\uFFFD");
}
