import { AuditProofError } from "../audit-error.ts";
import { readCheckpoints } from "../checkpoints/checkpoint-file.ts";
import { parseCheckpoint } from "../checkpoints/checkpoint.ts";
import { parseNote } from "../checkpoints/signed-note.ts";
import { parseEntryLine } from "../entry/entry-line.ts";
import type { TreeHash } from "../merkle/tree-hash.ts";
import { TreeNodes } from "../merkle/tree-nodes.ts";
import { proveConsistency, proveInclusion } from "../merkle/tree-proof.ts";
import { TreeRange } from "../merkle/tree-range.ts";
import { forEachLine, readLines } from "../segments/read-lines.ts";
import { readSeal } from "../segments/seal.ts";
import { listSegments } from "../segments/segment-file.ts";
import { parseHeader } from "../segments/segment-header.ts";
import { openSegmentReader, type ReadableSegment } from "../segments/segment-reader.ts";
import type { AuditProof } from "./audit-proof.ts";

/** What proving takes. */
export interface ProveOptions {
  readonly directory: string;
  readonly signal?: AbortSignal;
}

/**
 * Proves that an entry is in the log, by the first checkpoint that covers it. Throws `ERR_AUDIT_PROOF` when it is not
 * there, was removed, or is not covered yet.
 */
export async function proveEntry(
  options: ProveOptions & { readonly seq: number },
): Promise<AuditProof> {
  const { directory, seq } = options;
  const covering = (await readNotes(directory)).find(({ size }) => size > seq);
  if (covering === undefined) throw new AuditProofError(`no checkpoint covers entry ${seq} yet.`);
  const found = await collect(options, { size: covering.size, seq });
  if (found.entry === undefined) throw new AuditProofError(`entry ${seq} is no longer in the log.`);
  const path = proveInclusion(found.nodes, seq, covering.size);
  if (path === undefined) throw new AuditProofError("parts of the log are missing.");
  return { v: 1, seq, ...found.entry, path, checkpoint: covering.note };
}

/** Proves that the log of an earlier size is the beginning of the log of a later size. */
export async function proveGrowth(
  options: ProveOptions & { readonly from: number; readonly to: number },
): Promise<TreeHash[]> {
  const { from, to } = options;
  const { nodes } = await collect(options, { size: to, seq: from });
  const path = proveConsistency(nodes, from, to);
  if (path === undefined) throw new AuditProofError("parts of the log are missing.");
  return path;
}

async function readNotes(
  directory: string,
): Promise<{ readonly size: number; readonly note: string }[]> {
  const lines = await readCheckpoints(directory);
  return lines
    .flatMap(({ note }) => (note === undefined ? [] : [note]))
    .map((note) => ({ note, size: parseCheckpoint(parseNote(note).text).size }));
}

interface Collected {
  readonly nodes: TreeNodes;
  entry: Pick<AuditProof, "previous" | "entry"> | undefined;
}

/** Reads the segments in which the entry lies and the tree ends; of the others their seals are enough. */
async function collect(
  { directory, signal }: ProveOptions,
  wanted: { readonly size: number; readonly seq: number },
): Promise<Collected> {
  const found: Collected = { nodes: new TreeNodes(), entry: undefined };
  for (const segment of await listSegments(directory)) {
    signal?.throwIfAborted();
    const seal = segment.sealPath === undefined ? undefined : await readSeal(segment.sealPath);
    const end = seal === undefined ? Number.POSITIVE_INFINITY : seal.first + seal.count;
    const isInside = (place: number) => segment.first <= place && place < end;
    const isWhole = !isInside(wanted.seq) && !isInside(wanted.size);
    const range = seal && TreeRange.from(seal.first, end, seal.range);
    if (range !== undefined && (isWhole || segment.path === undefined)) found.nodes.addRange(range);
    else if (segment.path !== undefined)
      await readLeaves({ ...segment, path: segment.path }, wanted.seq, found);
  }
  return found;
}

async function readLeaves(segment: ReadableSegment, seq: number, found: Collected): Promise<void> {
  await using reader = await openSegmentReader(segment);
  let previous = "";
  for await (const { buffer, offset, isTail } of readLines(reader)) {
    if (isTail === true) break;
    forEachLine(buffer, (start, end) => {
      const line = parseEntryLine(buffer, start, end);
      if (line === undefined) {
        if (offset + start === 0)
          previous = parseHeader(buffer.toString("utf8", start, end))?.hash ?? "";
        return;
      }
      found.nodes.addLeaf(line.seq, line.hash);
      if (line.seq === seq) {
        found.entry = { previous, entry: buffer.toString("utf8", line.bodyStart, line.bodyEnd) };
      }
      previous = line.hash;
    });
  }
}
