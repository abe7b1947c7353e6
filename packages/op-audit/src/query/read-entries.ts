import { watch } from "node:fs";
import { systemClock, type Clock } from "op-core";
import type { AuditEntry } from "../entry/audit-entry.ts";
import { parseEntryLine } from "../entry/entry-line.ts";
import { parseKnownEntry } from "../entry/parse-entry.ts";
import type { AuditFilter } from "./audit-filter.ts";
import { matchesFilter } from "./matches-filter.ts";
import { forEachLine, readLines } from "../segments/read-lines.ts";
import { listSegments, type SegmentFile } from "../segments/segment-file.ts";
import { openSegmentReader, type ReadableSegment } from "../segments/segment-reader.ts";

/** An entry and where its JSON lies in its segment. */
export interface LocatedEntry {
  readonly seq: number;
  /** Its canonical JSON. */
  readonly json: string;
  readonly segment: number;
  readonly offset: number;
  readonly bytes: number;
}

/** Where reading goes on: behind everything that was read. */
export interface ReadPosition {
  readonly segment: number;
  readonly offset: number;
}

/** Whatever reads entries. */
export interface ReadOptions {
  readonly directory: string;
  /** The first entry that is wanted; 0 unless told. */
  readonly from?: number;
  /** Which entries are wanted; all unless told. */
  readonly filter?: AuditFilter;
  readonly signal?: AbortSignal;
}

/** Reads entries oldest first, in batches. What cannot be read is passed over; verifying tells about it. */
export async function* readBatches(
  directory: string,
  from: ReadPosition = { segment: 0, offset: 0 },
  signal?: AbortSignal,
): AsyncGenerator<{ readonly entries: readonly LocatedEntry[]; readonly next: ReadPosition }> {
  for (const segment of await listSegments(directory)) {
    if (segment.first < from.segment || segment.path === undefined) continue;
    const start = segment.first === from.segment ? from.offset : 0;
    yield* readSegment({ ...segment, path: segment.path }, start, signal);
  }
}

async function* readSegment(
  segment: ReadableSegment,
  start: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<{ readonly entries: readonly LocatedEntry[]; readonly next: ReadPosition }> {
  await using reader = await openSegmentReader(segment);
  for await (const { buffer, offset, isTail } of readLines(reader, start)) {
    signal?.throwIfAborted();
    if (isTail === true) return;
    const entries: LocatedEntry[] = [];
    forEachLine(buffer, (lineStart, lineEnd) => {
      const line = parseEntryLine(buffer, lineStart, lineEnd);
      if (line === undefined) return;
      const { seq, bodyStart, bodyEnd } = line;
      const json = buffer.toString("utf8", bodyStart, bodyEnd);
      const place = {
        segment: segment.first,
        offset: offset + bodyStart,
        bytes: bodyEnd - bodyStart,
      };
      entries.push({ seq, json, ...place });
    });
    yield { entries, next: { segment: segment.first, offset: offset + buffer.length } };
  }
}

/** Reads the log's entries, oldest first. What cannot be read is passed over; verifying tells about it. */
export async function* readEntries(options: ReadOptions): AsyncGenerator<AuditEntry> {
  const { directory, from = 0, filter = {}, signal } = options;
  const start = { segment: await segmentOf(directory, from), offset: 0 };
  for await (const { entries } of readBatches(directory, start, signal)) {
    yield* select(entries, from, filter);
  }
}

function* select(
  entries: readonly LocatedEntry[],
  from: number,
  filter: AuditFilter,
): Generator<AuditEntry> {
  for (const { seq, json } of entries) {
    if (seq < from) continue;
    const entry = parseKnownEntry(seq, json);
    if (entry !== undefined && matchesFilter(entry, filter)) yield entry;
  }
}

/** What following takes. */
export interface FollowOptions extends ReadOptions {
  readonly signal: AbortSignal;
  readonly clock?: Clock;
  /** How long to wait at most before looking again, where the system does not tell of changes; a second unless told. */
  readonly pollMs?: number;
}

/** Reads the log's entries, oldest first, and goes on with new ones as they come, until the signal aborts. */
export async function* followEntries(options: FollowOptions): AsyncGenerator<AuditEntry> {
  const { directory, from = 0, filter = {}, signal } = options;
  using changes = watchDirectory(options);
  let position: ReadPosition = { segment: await segmentOf(directory, from), offset: 0 };
  while (!signal.aborted) {
    const changed = changes.next();
    for await (const { entries, next } of readBatches(directory, position)) {
      position = next;
      for (const entry of select(entries, from, filter)) {
        if (signal.aborted) return;
        yield entry;
      }
    }
    await changed;
  }
}

/** The last segment that can hold the entry. */
async function segmentOf(directory: string, seq: number): Promise<number> {
  const segments: readonly SegmentFile[] = await listSegments(directory);
  return segments.findLast(({ first }) => first <= seq)?.first ?? 0;
}

/** Tells of changes; what happens between two questions is not missed. */
function watchDirectory(options: FollowOptions): Disposable & { next(): Promise<void> } {
  const { directory, signal, clock = systemClock, pollMs = 1000 } = options;
  let change = Promise.withResolvers<void>();
  const tell = () => change.resolve();
  const watcher = watch(directory, { persistent: false }, tell);
  watcher.on("error", tell);
  signal.addEventListener("abort", tell);
  return {
    next: async () => {
      change = Promise.withResolvers<void>();
      using timer = clock.startTimer(pollMs, tell);
      timer.unref();
      if (signal.aborted) tell();
      await change.promise;
    },
    [Symbol.dispose]: () => {
      tell();
      watcher.close();
      signal.removeEventListener("abort", tell);
    },
  };
}
