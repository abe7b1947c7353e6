import { isUtf8 } from "node:buffer";
import { deepest, nestsTooDeep } from "./nests-too-deep.ts";
import type { TransportReceiver } from "./transport.ts";

const newline = 0x0a;

/** The bytes that cannot begin JSON, nor a line that is blank or no text. */
const isNoBeginning = Array.from(
  { length: 128 },
  (_, byte) => !'{["-0123456789tfn \t\r'.includes(String.fromCharCode(byte)),
);

/** As much of a line as is told of one that is none. */
const shownBytes = 40;

/** Turns bytes into lines of JSON. */
export interface LineReader {
  /** Takes the bytes up to a length. What is left of them is copied: they need not be good any longer. */
  push(bytes: Buffer, length: number): void;
}

/** How a reader is made. */
export interface LineReaderOptions {
  readonly maxMessageBytes: number;
  readonly receiver: Pick<TransportReceiver, "message" | "malformed">;
}

function isBlank(line: string): boolean {
  return /^[ \r\t]*$/u.test(line);
}

/** What is not UTF-8 is decoded to this; so is what was written as this. */
const replacement = "\uFFFD";

/** Reads the line where it is: most come alone and whole, and are not worth a view of their own. */
function deliver(
  bytes: Buffer,
  [start, end]: readonly [number, number],
  receiver: LineReaderOptions["receiver"],
): void {
  if (start === end) return;
  if (isNoBeginning[bytes[start] ?? 0] === true) {
    // What a program prints beside its messages may be any number of lines: an exception for each would cost a lot.
    const shown = bytes.toString("utf8", start, Math.min(end, start + shownBytes));
    receiver.malformed({ kind: "not-json", detail: `${JSON.stringify(shown)} is no JSON` });
    return;
  }
  if (nestsTooDeep(bytes, start, end)) {
    const detail = `a message may be nested ${deepest} levels deep`;
    receiver.malformed({ kind: "too-deep", detail });
    return;
  }
  const text = bytes.toString("utf8", start, end);
  if (text.includes(replacement) && !isUtf8(bytes.subarray(start, end))) {
    receiver.malformed({
      kind: "not-utf-8",
      detail: `a line of ${end - start} bytes is not UTF-8`,
    });
    return;
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (isBlank(text)) return;
    receiver.malformed({
      kind: "not-json",
      detail: error instanceof Error ? error.message : "not JSON",
    });
    return;
  }
  receiver.message(value);
}

/**
 * Reads newline-delimited JSON. Blank lines are skipped. A line that is too long is dropped as it arrives, so that
 * memory stays bounded, told once, and reading goes on after its end.
 */
export function createLineReader({ maxMessageBytes, receiver }: LineReaderOptions): LineReader {
  let parts: Buffer[] = [];
  let length = 0;
  let isSkipping = false;

  const keep = (part: Buffer): void => {
    if (isSkipping) return;
    length += part.length;
    if (length <= maxMessageBytes) {
      // The chunk's place may be read into again.
      if (part.length > 0) parts.push(Buffer.from(part));
      return;
    }
    isSkipping = true;
    parts = [];
    receiver.malformed({
      kind: "too-large",
      detail: `a message may have at most ${maxMessageBytes} bytes`,
    });
  };

  const endLine = (): void => {
    if (!isSkipping && length > 0) deliver(Buffer.concat(parts, length), [0, length], receiver);
    parts = [];
    length = 0;
    isSkipping = false;
  };

  return {
    push: (bytes, newBytes) => {
      let start = 0;
      for (;;) {
        const end = bytes.indexOf(newline, start);
        if (end < 0 || end >= newBytes) break;
        if (length === 0 && end - start <= maxMessageBytes) deliver(bytes, [start, end], receiver);
        else {
          keep(bytes.subarray(start, end));
          endLine();
        }
        start = end + 1;
      }
      if (start < newBytes) keep(bytes.subarray(start, newBytes));
    },
  };
}
