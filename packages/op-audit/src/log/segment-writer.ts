import type { Clock } from "op-core";
import type { ChainState } from "../chain/chain-walker.ts";
import { lineOverhead, writeEntryLine } from "../entry/entry-line.ts";
import type { AppendFile, AuditFiles } from "../files/audit-files.ts";
import type { TreeHash } from "../merkle/tree-hash.ts";
import { TreeRange } from "../merkle/tree-range.ts";
import { formatSeal, type Seal } from "../segments/seal.ts";
import { sealPath, segmentPath } from "../segments/segment-file.ts";
import { formatHeader } from "../segments/segment-header.ts";

/** A segment that can be gone on with. */
export interface ActiveSegment {
  readonly file: AppendFile;
  readonly first: number;
  readonly openedAt: string;
  /** Its part of the tree, and the tree of everything before. */
  readonly range: TreeRange;
  readonly before: TreeRange;
}

/** When a segment is closed and the next one begun. */
export interface RotationPolicy {
  readonly maxSegmentBytes: number;
  readonly maxSegmentAgeMs: number;
}

/** What a writer needs. */
export interface SegmentWriterOptions {
  readonly directory: string;
  readonly origin: string;
  readonly files: AuditFiles;
  readonly clock: Clock;
  readonly rotation: RotationPolicy;
  /** Told when a segment has been closed. */
  readonly closed: (seal: Seal) => void;
}

/** Writes batches of entries, each batch whole or not at all, and begins new segments when it is time. */
export class SegmentWriter {
  readonly #options: SegmentWriterOptions;
  #size: number;
  #head: TreeHash;
  #active: ActiveSegment;
  /** Set after a failed write, until what it may have left is gone. */
  #isSuspect = false;
  #bytes: number;

  constructor(
    options: SegmentWriterOptions,
    state: Omit<ChainState, "tree">,
    active: ActiveSegment,
  ) {
    this.#options = options;
    this.#size = state.size;
    this.#head = state.head;
    this.#active = active;
    this.#bytes = active.file.size;
  }

  /** How many entries are durable. */
  get size(): number {
    return this.#size;
  }

  get head(): TreeHash {
    return this.#head;
  }

  /** The tree over every durable entry. */
  tree(): TreeRange {
    const tree = this.#active.before.copy();
    tree.addRange(this.#active.range);
    return tree;
  }

  /** Puts these bodies on the disk and returns the place of the first. */
  async commit(bodies: readonly string[]): Promise<number> {
    await this.#takeBack();
    if (this.#isDue()) await this.rotate();
    const first = this.#size;
    const { file } = this.#active;
    const range = this.#active.range.copy();
    const { bytes, head } = encode(bodies, { first, head: this.#head, range });
    this.#isSuspect = true;
    await file.append(bytes);
    await file.sync();
    this.#isSuspect = false;
    this.#bytes = file.size;
    this.#active = { ...this.#active, range };
    this.#size += bodies.length;
    this.#head = head;
    return first;
  }

  /** Closes the segment and begins the next one. A segment without entries stays open. */
  async rotate(): Promise<void> {
    await this.#takeBack();
    const { first, openedAt, range, file } = this.#active;
    if (this.#size === first) return;
    const state = { size: this.#size, head: this.#head, tree: this.tree() };
    const seal = makeSeal(this.#options, {
      first,
      openedAt,
      range,
      head: this.#head,
      bytes: this.#bytes,
    });
    await writeSeal(this.#options, seal);
    const next = await beginSegment(this.#options, state);
    await file.close();
    this.#active = next.active;
    this.#head = next.head;
    this.#bytes = next.active.file.size;
    this.#options.closed(seal);
  }

  async close(): Promise<void> {
    await this.#active.file.close();
  }

  /**
   * A failed write may have left part of itself, and after a failed sync nobody knows what the disk has. What was synced
   * before is safe; everything after it goes and is written anew.
   */
  async #takeBack(): Promise<void> {
    if (!this.#isSuspect) return;
    await this.#active.file.truncate(this.#bytes);
    await this.#active.file.sync();
    this.#isSuspect = false;
  }

  #isDue(): boolean {
    const { rotation, clock } = this.#options;
    if (this.#bytes >= rotation.maxSegmentBytes) return true;
    return clock.now() - Date.parse(this.#active.openedAt) >= rotation.maxSegmentAgeMs;
  }
}

function encode(
  bodies: readonly string[],
  from: { readonly first: number; readonly head: TreeHash; readonly range: TreeRange },
): { readonly bytes: Buffer; readonly head: TreeHash } {
  const room = bodies.reduce((sum, body) => sum + Buffer.byteLength(body) + lineOverhead, 0);
  const buffer = Buffer.allocUnsafe(room);
  let at = 0;
  let previous = from.head;
  for (const [index, body] of bodies.entries()) {
    const { end, hash } = writeEntryLine(buffer, at, { seq: from.first + index, previous, body });
    from.range.addLeaf(hash);
    previous = hash;
    at = end;
  }
  return { bytes: buffer.subarray(0, at), head: previous };
}

/** What a segment is begun with. */
export type BeginOptions = Pick<SegmentWriterOptions, "directory" | "origin" | "files" | "clock">;

/** Begins a segment that follows everything before. The chain goes on through its header. */
export async function beginSegment(
  { directory, origin, files, clock }: BeginOptions,
  state: ChainState,
): Promise<{ readonly active: ActiveSegment; readonly head: TreeHash }> {
  const openedAt = new Date(clock.now()).toISOString();
  const line = formatHeader({
    v: 1,
    origin,
    at: openedAt,
    first: state.size,
    previous: state.head,
    frontier: state.tree.hashes,
  });
  const file = await files.openAppend(segmentPath(directory, state.size, "none"));
  try {
    // An earlier attempt may have come half-way.
    if (file.size > 0) await file.truncate(0);
    await file.append(Buffer.from(line.text));
    await file.sync();
    await files.syncDirectory(directory);
  } catch (error) {
    await file.close();
    throw error;
  }
  const range = new TreeRange(state.size);
  const active = { file, first: state.size, openedAt, range, before: state.tree };
  return { active, head: line.hash };
}

/** Describes a segment that gets no more entries. */
export function makeSeal(
  { clock }: Pick<SegmentWriterOptions, "clock">,
  segment: {
    readonly first: number;
    readonly openedAt: string;
    readonly range: TreeRange;
    readonly head: TreeHash;
    readonly bytes: number;
  },
): Seal {
  const { first, range, head, bytes, openedAt } = segment;
  const closedAt = new Date(clock.now()).toISOString();
  return {
    v: 1,
    first,
    count: range.end - first,
    head,
    range: range.hashes,
    bytes,
    openedAt,
    closedAt,
  };
}

/** Puts a seal on the disk. */
export async function writeSeal(
  { directory, files }: Pick<SegmentWriterOptions, "directory" | "files">,
  seal: Seal,
): Promise<void> {
  await files.replace(sealPath(directory, seal.first), once(Buffer.from(formatSeal(seal))));
  await files.syncDirectory(directory);
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
