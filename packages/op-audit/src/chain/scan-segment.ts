import { forEachLine, readLines, type LineBlock } from "../segments/read-lines.ts";
import type { SegmentHeader } from "../segments/segment-header.ts";
import { openSegmentReader, type ReadableSegment } from "../segments/segment-reader.ts";
import type { ChainWalker } from "./chain-walker.ts";

/** What a scan saw of a segment. */
export interface SegmentScan {
  /** Nothing, if the header is missing or damaged. */
  readonly header: SegmentHeader | undefined;
  /** Where its last whole line ends. */
  readonly end: number;
  /** How many bytes follow it. */
  readonly tornBytes: number;
}

/** Leads a walker through a whole segment. What follows the last newline is left to the caller. */
export async function scanSegment(
  walker: ChainWalker,
  segment: ReadableSegment,
  signal?: AbortSignal,
): Promise<SegmentScan> {
  const { path: file } = segment;
  await using reader = await openSegmentReader(segment);
  let scan: Pick<SegmentScan, "header" | "end"> = { header: undefined, end: 0 };
  let tornBytes = 0;
  for await (const block of readLines(reader)) {
    signal?.throwIfAborted();
    if (block.isTail === true) tornBytes = block.buffer.length;
    else scan = walkBlock(walker, block, { file, scan });
  }
  walker.endSegment();
  const { header, end } = scan;
  return { header, end, tornBytes };
}

function walkBlock(
  walker: ChainWalker,
  block: LineBlock,
  { file, scan }: { readonly file: string; readonly scan: Pick<SegmentScan, "header" | "end"> },
): Pick<SegmentScan, "header" | "end"> {
  const { buffer, offset, damage } = block;
  if (damage !== undefined) {
    walker.unreadable({ file, offset }, damage);
    return scan;
  }
  let { header } = scan;
  forEachLine(buffer, (start, end) => {
    const position = { file, offset: offset + start };
    if (position.offset === 0) {
      header = walker.header(buffer.toString("utf8", start, end), position)?.header;
    } else {
      walker.line(buffer, { start, end }, position);
    }
  });
  return { header, end: offset + buffer.length };
}
