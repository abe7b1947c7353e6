import type { FileHandle } from "node:fs/promises";
import { readChunks } from "../read-chunks.ts";
import type { LineMatcher } from "./line-matcher.ts";

/** A line that was found. */
export interface FoundLine {
  readonly line: number;
  readonly text: string;
}

/** How much of a line is told, and looked at. */
const mostShown = 400;
const mostLine = 1_048_576;

/** Finds lines in a text file; a file with NUL at its beginning is no text, and has none. */
export async function* searchLines(
  handle: FileHandle,
  matches: LineMatcher,
  signal: AbortSignal,
): AsyncGenerator<FoundLine> {
  const decoder = new TextDecoder();
  let rest = "";
  let line = 1;
  let isFirst = true;
  for await (const chunk of readChunks(handle, { from: 0, signal })) {
    if (isFirst && chunk.subarray(0, 8192).includes(0)) return;
    isFirst = false;
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = (lines.pop() ?? "").slice(0, mostLine);
    yield* found(lines, line, matches);
    line += lines.length;
  }
  rest += decoder.decode();
  if (rest !== "") yield* found([rest], line, matches);
}

function found(lines: readonly string[], first: number, matches: LineMatcher): FoundLine[] {
  return matches(lines).map((at) => ({
    line: first + at,
    text: (lines[at] ?? "").replace(/\r$/u, "").slice(0, mostShown),
  }));
}
