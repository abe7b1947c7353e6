import { hashBody, parseEntryLine, type EntryLine } from "../entry/entry-line.ts";
import { noHash, type TreeHash } from "../merkle/tree-hash.ts";
import { coverRange, TreeRange } from "../merkle/tree-range.ts";
import { parseHeader, type HeaderLine, type SegmentHeader } from "../segments/segment-header.ts";
import type { Fault, FaultKind } from "./fault.ts";

/** Where a chain stands. */
export interface ChainState {
  /** How many entries there are; the next one has this place. */
  readonly size: number;
  /** What the next entry's hash follows. */
  readonly head: TreeHash;
  readonly tree: TreeRange;
}

/** The chain before its first entry. */
export function emptyChain(): ChainState {
  return { size: 0, head: noHash, tree: new TreeRange() };
}

/** What a walker tells while it goes. */
export interface ChainListener {
  readonly fault: (fault: Fault) => void;
  /** An entry, with the bounds of its body in the buffer it came in. */
  readonly entry?: (line: EntryLine, buffer: Buffer, offset: number) => void;
}

interface Position {
  readonly file: string;
  readonly offset: number;
}

/** A leaf that nobody knows any more. It counts, so that those after it keep their places. */
const lostLeaf = noHash;

/** No segment holds as many entries; a place further ahead is a damaged number. */
const longestGap = 2 ** 24;

/**
 * Follows the chain line by line and says what breaks it. After a fault it goes on with the next line it can make sense
 * of, so that one fault is told once and hides no other.
 */
export class ChainWalker {
  readonly #listener: ChainListener;
  #size: number;
  /** The tree of everything before this segment, and this segment's part, which is joined only when it is asked for. */
  #before: TreeRange;
  #range: TreeRange;
  /** What the next line may follow: two, where a line and its hash disagree; none, where nobody can tell. */
  #heads: readonly TreeHash[];
  #gaps: { from: number; to: number }[] = [];
  #unreadable: Position | undefined;
  /** Whether some leaf before is not known, so that the tree is not what it was. */
  #lost = false;
  #position: Position = { file: "", offset: 0 };

  constructor(listener: ChainListener, state = emptyChain()) {
    this.#listener = listener;
    this.#size = state.size;
    this.#heads = [state.head];
    this.#before = state.tree.copy();
    this.#range = new TreeRange(state.size);
  }

  get size(): number {
    return this.#size;
  }

  /** This segment's part of the tree. */
  get range(): TreeRange {
    return this.#range;
  }

  get state(): ChainState {
    const tree = this.#before.copy();
    tree.addRange(this.#range);
    return { size: this.#size, head: this.#heads[0] ?? noHash, tree };
  }

  /** Goes on behind entries that were removed, of which only this is known. */
  skip(range: TreeRange, head: TreeHash): void {
    this.#before = this.state.tree;
    this.#before.addRange(range);
    this.#size = range.end;
    this.#range = new TreeRange(this.#size);
    this.#heads = [head];
  }

  /** Reads the first line of a segment. */
  header(text: string, position: Position): HeaderLine | undefined {
    this.#endUnreadable();
    this.#position = position;
    const line = parseHeader(text);
    if (line === undefined) {
      this.#fault("modified", this.#size, 1, "The segment's header has been changed.");
      this.#begin(this.state.tree);
      this.#heads = [];
      return undefined;
    }
    this.#follow(line.header);
    this.#heads = [line.hash];
    return line;
  }

  #follow(header: SegmentHeader): void {
    if (header.first > this.#size) {
      this.#lose(header.first, "deleted", "What lies before this segment is missing.");
    } else if (header.first < this.#size) {
      this.#fault("reordered", header.first, 1, "The segment does not follow the one before.");
      this.#size = header.first;
    } else if (!this.#hasFrontier(header)) {
      this.#fault(
        "modified",
        header.first,
        1,
        "The header does not have the tree of the entries before.",
      );
    } else if (this.#heads.length > 0 && !this.#heads.includes(header.previous)) {
      this.#fault(
        "modified",
        header.first,
        1,
        "The header does not name the hash of the entry before.",
      );
    }
    // What the header says of the entries before is as good as those entries, and better if they are damaged.
    this.#begin(TreeRange.from(0, header.first, header.frontier) ?? this.state.tree);
  }

  #hasFrontier({ frontier }: SegmentHeader): boolean {
    if (this.#lost) return true;
    const { hashes } = this.state.tree;
    return hashes.length === frontier.length && hashes.every((hash, at) => hash === frontier[at]);
  }

  #begin(before: TreeRange): void {
    this.#before = before;
    this.#range = new TreeRange(this.#size);
  }

  /** Reads the line between `start` and its newline at `end`. The buffer is changed before the body. */
  line(buffer: Buffer, bounds: { start: number; end: number }, position: Position): void {
    this.#position = position;
    const line = parseEntryLine(buffer, bounds.start, bounds.end);
    if (line === undefined) this.unreadable(position, "The line is not an entry.");
    else this.#entry(line, buffer);
  }

  /** Notes something that cannot be read where an entry should be. */
  unreadable(position: Position, detail: string): void {
    this.#position = position;
    if (this.#unreadable === undefined) this.#fault("modified", this.#size, 1, detail);
    this.#unreadable = position;
  }

  /** Notes that entries up to `end` should be here and are not. */
  missing(end: number, position: Position): void {
    this.#position = position;
    this.#lose(end, "truncated", "The end of the segment is missing.");
  }

  /** Ends a segment: what could not be read at its end stood for an entry. */
  endSegment(): void {
    this.#endUnreadable();
  }

  #endUnreadable(): void {
    if (this.#unreadable === undefined) return;
    this.#unreadable = undefined;
    this.#addLost(this.#size + 1);
  }

  #addLost(end: number): void {
    const places = coverRange(this.#size, end);
    const lost = TreeRange.from(
      this.#size,
      end,
      places.map(() => lostLeaf),
    );
    if (lost !== undefined) this.#range.addRange(lost);
    this.#lost = true;
    this.#size = end;
    this.#heads = [];
  }

  #entry(line: EntryLine, buffer: Buffer): void {
    if (line.seq > this.#size) this.#endUnreadable();
    this.#unreadable = undefined;
    if (line.seq === this.#size) {
      if (this.#isLinked(line, buffer)) this.#advance(line, buffer, [line.hash]);
      else this.#mismatch(line, buffer);
    } else if (this.#heads.length > 0 && this.#isLinked(line, buffer)) {
      this.#fault("modified", this.#size, 1, `The entry's place was changed to ${line.seq}.`);
      this.#advance({ ...line, seq: this.#size }, buffer, [line.hash]);
    } else if (line.seq < this.#size) {
      this.#misplaced(line);
    } else if (line.seq - this.#size > longestGap) {
      this.unreadable(this.#position, "The line is not an entry.");
    } else {
      this.#lose(line.seq, "deleted", "Entries are missing.");
      this.#advance(line, buffer, [line.hash]);
    }
  }

  #isLinked(line: EntryLine, buffer: Buffer): boolean {
    const { bodyStart, bodyEnd } = line;
    // Nobody knows what it should follow: its place has to do.
    if (this.#heads.length === 0) return true;
    return this.#heads.some((head) => hashBody(buffer, head, bodyStart, bodyEnd) === line.hash);
  }

  #mismatch(line: EntryLine, buffer: Buffer): void {
    const head = this.#heads[0] ?? noHash;
    const computed = hashBody(buffer, head, line.bodyStart, line.bodyEnd);
    this.#fault("modified", line.seq, 1, "The entry is not what its hash says.");
    this.#advance(line, buffer, [line.hash, computed]);
  }

  #advance(line: EntryLine, buffer: Buffer, heads: readonly TreeHash[]): void {
    this.#heads = heads;
    this.#size = line.seq + 1;
    this.#range.addLeaf(line.hash);
    this.#listener.entry?.(line, buffer, this.#position.offset);
  }

  #lose(end: number, kind: FaultKind, detail: string): void {
    const from = this.#size;
    this.#gaps.push({ from, to: end });
    this.#addLost(end);
    this.#fault(kind, from, end - from, detail);
  }

  /** An entry that comes too late closes the gap it left, so the gap was no deletion. */
  #misplaced({ seq }: EntryLine): void {
    const isMissing = this.#gaps.some(({ from, to }) => from <= seq && seq < to);
    if (isMissing) this.#fault("reordered", seq, 1, "The entry lies behind later ones.");
    else this.#fault("inserted", this.#size, 1, `There is another entry with the place ${seq}.`);
  }

  #fault(kind: FaultKind, seq: number, count: number, detail: string): void {
    this.#listener.fault({ kind, seq, count, detail, ...this.#position });
  }
}
