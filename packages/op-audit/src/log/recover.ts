import { open } from "node:fs/promises";
import { ChainWalker, type ChainState } from "../chain/chain-walker.ts";
import type { Fault } from "../chain/fault.ts";
import { scanSegment, type SegmentScan } from "../chain/scan-segment.ts";
import { parseEntryLine, type EntryLine } from "../entry/entry-line.ts";
import { TreeRange } from "../merkle/tree-range.ts";
import { readLines } from "../segments/read-lines.ts";
import { parseJson } from "../segments/record-fields.ts";
import { readSeal, type Seal } from "../segments/seal.ts";
import { listSegments, type SegmentFile } from "../segments/segment-file.ts";
import { parseHeader, type SegmentHeader } from "../segments/segment-header.ts";
import { openSegmentReader, type ReadableSegment } from "../segments/segment-reader.ts";
import {
  beginSegment,
  makeSeal,
  writeSeal,
  type ActiveSegment,
  type BeginOptions,
} from "./segment-writer.ts";

/** What opening a log found and did. */
export interface Recovery {
  /** Bytes of an unfinished write that were cut off. They belong to entries nobody was told are safe. */
  readonly tornBytes: number;
  /** What is wrong with the last segment. It is kept as it is, and a new one is begun. */
  readonly faults: readonly Fault[];
}

/** A log that can be gone on with. */
export interface RecoveredLog {
  readonly recovery: Recovery;
  readonly state: Omit<ChainState, "tree">;
  readonly active: ActiveSegment;
  /** When the last entry was written, as far as it says so. */
  readonly lastAt: number | undefined;
}

interface Finding extends Recovery {
  readonly walker: ChainWalker;
  readonly lastAt: number | undefined;
  /** The segment to go on with, if it is whole. */
  readonly whole?: { readonly path: string; readonly header: SegmentHeader };
}

/**
 * Finds the end of the log and makes it ready to be gone on with: cuts an unfinished write back to the last whole
 * entry, and begins a new segment where the last one is closed or damaged.
 */
export async function recoverLog(options: BeginOptions): Promise<RecoveredLog> {
  const finding = await inspect(options, await listSegments(options.directory));
  const { walker, whole, tornBytes, faults, lastAt } = finding;
  const recovery = { tornBytes, faults };
  const { state } = walker;
  if (whole === undefined) {
    const { active, head } = await beginSegment(options, state);
    return { recovery, state: { size: state.size, head }, active, lastAt };
  }
  const file = await options.files.openAppend(whole.path);
  const { first, frontier, at: openedAt } = whole.header;
  const before = TreeRange.from(0, first, frontier) ?? new TreeRange();
  return {
    recovery,
    state,
    active: { file, first, openedAt, before, range: walker.range },
    lastAt,
  };
}

async function inspect(options: BeginOptions, segments: readonly SegmentFile[]): Promise<Finding> {
  const last = segments.at(-1);
  if (last === undefined) {
    const walker = new ChainWalker({ fault: () => undefined });
    return { walker, tornBytes: 0, faults: [], lastAt: undefined };
  }
  if (last.path === undefined || last.compression !== "none" || last.sealPath !== undefined) {
    const { walker, faults } = await walkTo(segments, segments.length);
    return { walker, faults, tornBytes: 0, lastAt: undefined };
  }
  return await inspectOpen(options, segments, { ...last, path: last.path });
}

/** Looks at a segment that was not closed, which is where a crash leaves its traces. */
async function inspectOpen(
  options: BeginOptions,
  segments: readonly SegmentFile[],
  last: SegmentFile & { readonly path: string },
): Promise<Finding> {
  const faults: Fault[] = [];
  let lastOffset: number | undefined;
  const listener = {
    fault: (fault: Fault) => faults.push(fault),
    entry: (_line: EntryLine, _buffer: Buffer, offset: number) => {
      lastOffset = offset;
    },
  };
  const walker = new ChainWalker(listener, await stateBefore(segments, last.path));
  const scan = await scanSegment(walker, last);
  const isEmpty = scan.header === undefined && walker.size === last.first;
  if (scan.end === 0 || isEmpty)
    return await dropUnbegun(options, segments, { path: last.path, scan });
  if (scan.tornBytes > 0) await cut(options, last.path, scan.end);
  const { tornBytes, header } = scan;
  const found = { walker, tornBytes, faults, lastAt: await timeAt(last, lastOffset) };
  if (header !== undefined && faults.length === 0)
    return { ...found, whole: { path: last.path, header } };
  await writeSeal(options, sealDamaged(options, { walker, scan, first: last.first }));
  return found;
}

/** The header itself was not finished, so nothing was ever written to this segment. */
async function dropUnbegun(
  options: BeginOptions,
  segments: readonly SegmentFile[],
  { path, scan }: { readonly path: string; readonly scan: SegmentScan },
): Promise<Finding> {
  await options.files.remove(path);
  await options.files.syncDirectory(options.directory);
  const finding = await inspect(options, segments.slice(0, -1));
  return { ...finding, tornBytes: finding.tornBytes + scan.tornBytes };
}

function sealDamaged(
  options: BeginOptions,
  {
    walker,
    scan,
    first,
  }: { readonly walker: ChainWalker; readonly scan: SegmentScan; readonly first: number },
): Seal {
  const openedAt = scan.header?.at ?? new Date(options.clock.now()).toISOString();
  // The range begins where the header says; if it lies, the file's name decides what the seal is called.
  const range = walker.range.first === first ? walker.range : new TreeRange(first);
  return makeSeal(options, { first, openedAt, range, head: walker.state.head, bytes: scan.end });
}

async function cut(options: BeginOptions, path: string, end: number): Promise<void> {
  const file = await options.files.openAppend(path);
  try {
    await file.truncate(end);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** The header of the last segment knows all that is needed; only if it is damaged the others are asked. */
async function stateBefore(segments: readonly SegmentFile[], path: string): Promise<ChainState> {
  const header = parseHeader(await firstLine(path))?.header;
  const tree = header && TreeRange.from(0, header.first, header.frontier);
  if (header !== undefined && tree !== undefined) {
    return { size: header.first, head: header.previous, tree };
  }
  return (await walkTo(segments, segments.length - 1)).walker.state;
}

/** Where the chain stands after the first segments, from their seals where they have them. */
async function walkTo(
  segments: readonly SegmentFile[],
  count: number,
): Promise<{ readonly walker: ChainWalker; readonly faults: readonly Fault[] }> {
  const faults: Fault[] = [];
  const walker = new ChainWalker({ fault: (fault) => faults.push(fault) });
  for (const segment of segments.slice(0, count)) {
    const seal = await sealOf(segment);
    const range = seal && TreeRange.from(seal.first, seal.first + seal.count, seal.range);
    if (seal !== undefined && range !== undefined && seal.first === walker.size) {
      walker.skip(range, seal.head);
    } else if (segment.path !== undefined) {
      await scanSegment(walker, { ...segment, path: segment.path });
    }
  }
  return { walker, faults };
}

async function sealOf({ sealPath }: SegmentFile): Promise<Seal | undefined> {
  if (sealPath === undefined) return undefined;
  try {
    return await readSeal(sealPath);
  } catch {
    // A damaged seal is as good as none: the segment itself is read. Verifying tells about it.
    return undefined;
  }
}

const newline = 10;
const longestHeader = 64 * 1024;

async function firstLine(path: string): Promise<string> {
  await using file = await open(path, "r");
  const { buffer, bytesRead } = await file.read(Buffer.alloc(longestHeader), 0, longestHeader, 0);
  return buffer.toString("utf8", 0, Math.max(0, buffer.subarray(0, bytesRead).indexOf(newline)));
}

/** When the entry was written whose line begins at this offset. */
async function timeAt(
  segment: ReadableSegment,
  offset: number | undefined,
): Promise<number | undefined> {
  if (offset === undefined) return undefined;
  await using reader = await openSegmentReader(segment);
  for await (const { buffer } of readLines(reader, offset)) {
    const line = parseEntryLine(buffer, 0, buffer.indexOf(newline));
    if (line === undefined) return undefined;
    const json = buffer.toString("utf8", line.bodyStart, line.bodyEnd);
    return timeOf(parseJson(json));
  }
  return undefined;
}

/** When an entry was written, whatever else it says. */
function timeOf(entry: unknown): number | undefined {
  const at = typeof entry === "object" && entry !== null && "at" in entry ? entry.at : undefined;
  const ms = typeof at === "string" ? Date.parse(at) : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms;
}
