import type { SegmentReader } from "./segment-reader.ts";

/** Some lines of a segment in one buffer. It is the receiver's, who may change it, until the next block is asked for. */
export interface LineBlock {
  readonly buffer: Buffer;
  /** Where the buffer begins in the segment. */
  readonly offset: number;
  /** Set for what cannot be read; the buffer is empty then. */
  readonly damage?: string;
  /** Set for what follows the last newline of the segment. */
  readonly isTail?: boolean;
}

const newline = 10;
const usualBytes = 1024 * 1024;
const none = Buffer.alloc(0);

/** Reads whole lines, as many at a time as come in one piece. */
export async function* readLines(reader: SegmentReader, from = 0): AsyncGenerator<LineBlock> {
  const next = reader.stream(from);
  let buffer = Buffer.allocUnsafe(usualBytes);
  let rest = 0;
  let offset = from;
  for (;;) {
    if (rest === buffer.length) buffer = Buffer.concat([buffer, Buffer.allocUnsafe(rest)]);
    const fill = await next(buffer.subarray(rest));
    if ("damage" in fill) {
      yield { buffer: none, offset: offset + rest, damage: fill.damage };
      offset += rest;
      rest = 0;
      continue;
    }
    if (fill.bytes === 0) break;
    const filled = rest + fill.bytes;
    const end = buffer.subarray(0, filled).lastIndexOf(newline) + 1;
    if (end > 0) yield { buffer: buffer.subarray(0, end), offset };
    buffer.copyWithin(0, end, filled);
    rest = filled - end;
    offset += end;
  }
  if (rest > 0) yield { buffer: buffer.subarray(0, rest), offset, isTail: true };
}

/** Calls back with the bounds of each line, without its newline. */
export function forEachLine(buffer: Buffer, receive: (start: number, end: number) => void): void {
  for (let start = 0; start < buffer.length;) {
    const end = buffer.indexOf(newline, start);
    if (end === -1) return;
    receive(start, end);
    start = end + 1;
  }
}
