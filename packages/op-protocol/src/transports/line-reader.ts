import { isUtf8 } from "node:buffer";
import type { TransportReceiver } from "./transport.ts";

const newline = 0x0a;

/** Turns chunks of bytes into lines of JSON. */
export interface LineReader {
  push(chunk: Buffer): void;
}

/** How a reader is made. */
export interface LineReaderOptions {
  readonly maxMessageBytes: number;
  readonly receiver: Pick<TransportReceiver, "message" | "malformed">;
}

function isBlank(line: Buffer): boolean {
  return line.every((byte) => byte === 0x20 || byte === 0x0d || byte === 0x09);
}

function deliver(line: Buffer, receiver: LineReaderOptions["receiver"]): void {
  if (!isUtf8(line)) {
    receiver.malformed({
      kind: "not-utf-8",
      detail: `a line of ${line.length} bytes is not UTF-8`,
    });
    return;
  }
  let value: unknown;
  try {
    value = JSON.parse(line.toString("utf8"));
  } catch (error) {
    if (isBlank(line)) return;
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
      if (part.length > 0) parts.push(part);
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
    const [only] = parts;
    if (!isSkipping && only !== undefined)
      deliver(parts.length === 1 ? only : Buffer.concat(parts, length), receiver);
    parts = [];
    length = 0;
    isSkipping = false;
  };

  return {
    push: (chunk) => {
      let start = 0;
      for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, start)) {
        keep(chunk.subarray(start, end));
        endLine();
        start = end + 1;
      }
      if (start < chunk.length) keep(chunk.subarray(start));
    },
  };
}
