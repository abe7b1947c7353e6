import { stripVTControlCharacters } from "node:util";

const mostLines = 12;
const longestLine = 200;

/** What moves a cursor, forges a line or turns the direction of writing. */
const dangerous = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu;

/** A line as it reads, without what would drive a terminal. */
export function toPlainLine(line: string): string {
  return stripVTControlCharacters(line).replace(dangerous, " ").trimEnd();
}

/** The last lines that a server wrote for people: most often they say why it could not be connected. */
export class LastWords {
  #lines: string[] = [];

  get lines(): readonly string[] {
    return this.#lines;
  }

  take(line: string): void {
    const isLong = line.length > longestLine;
    this.#lines.push(isLong ? `${line.slice(0, longestLine)}…` : line);
    if (this.#lines.length > mostLines) this.#lines.shift();
  }

  /** Begins anew, with another process. */
  forget(): void {
    this.#lines = [];
  }
}
