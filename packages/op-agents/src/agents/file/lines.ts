import type { FileHandle } from "node:fs/promises";
import { readChunks, readRange } from "./read-chunks.ts";

const newline = 10;

/** Where a line of a file begins, from 1; the end of the file where it has fewer. */
export async function findLine(
  handle: FileHandle,
  line: number,
  signal: AbortSignal,
): Promise<number> {
  let missing = line - 1;
  let position = 0;
  if (missing === 0) return 0;
  for await (const chunk of readChunks(handle, { from: 0, signal })) {
    let at = -1;
    while (missing > 0 && (at = chunk.indexOf(newline, at + 1)) !== -1) missing -= 1;
    if (missing === 0) return position + at + 1;
    position += chunk.length;
  }
  return position;
}

interface LinesOptions {
  readonly from: number;
  readonly lines: number;
  /** The most bytes. */
  readonly most: number;
  readonly signal: AbortSignal;
}

/** Reads so many lines from a position. */
export async function readLines(
  handle: FileHandle,
  { from, lines, most, signal }: LinesOptions,
): Promise<Buffer> {
  const parts: Buffer[] = [];
  let missing = lines;
  let left = most;
  for await (const chunk of readChunks(handle, { from, signal })) {
    let at = -1;
    while (missing > 0 && (at = chunk.indexOf(newline, at + 1)) !== -1) missing -= 1;
    const part = chunk.subarray(0, Math.min(left, missing === 0 ? at + 1 : chunk.length));
    parts.push(Buffer.from(part));
    left -= part.length;
    if (missing === 0 || left === 0) break;
  }
  return Buffer.concat(parts);
}

const blockBytes = 65_536;

/** Where the last so many lines of a file begin, or at the earliest so many bytes before its end. */
export async function findLastLines(
  handle: FileHandle,
  { size, lines, most }: { readonly size: number; readonly lines: number; readonly most: number },
): Promise<number> {
  const earliest = Math.max(0, size - most);
  // The newline at the very end ends the last line, and begins none.
  let missing = lines + 1;
  let end = size;
  let isLast = true;
  while (end > earliest) {
    const start = Math.max(earliest, end - blockBytes);
    const block = await readRange(handle, start, end - start);
    if (isLast && block.at(-1) !== newline) missing -= 1;
    isLast = false;
    for (let at = block.lastIndexOf(newline); at !== -1;) {
      missing -= 1;
      if (missing === 0) return start + at + 1;
      at = at === 0 ? -1 : block.lastIndexOf(newline, at - 1);
    }
    end = start;
  }
  return earliest;
}
