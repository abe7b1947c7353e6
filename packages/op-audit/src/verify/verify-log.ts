import { ChainWalker } from "../chain/chain-walker.ts";
import type { Fault } from "../chain/fault.ts";
import { scanSegment } from "../chain/scan-segment.ts";
import { parseVerifier } from "../checkpoints/signed-note.ts";
import type { TreeHash } from "../merkle/tree-hash.ts";
import { TreeRange } from "../merkle/tree-range.ts";
import { readSeal, type Seal } from "../segments/seal.ts";
import { listSegments, type SegmentFile } from "../segments/segment-file.ts";
import type { ReadableSegment } from "../segments/segment-reader.ts";
import { CheckpointCheck } from "./checkpoint-check.ts";
import { FaultList } from "./fault-list.ts";
import { knownCheckpoints } from "./known-checkpoints.ts";
import { readLogEvent } from "./log-events.ts";
import { askSnapshots, type KeptSegment } from "./snapshot-witnesses.ts";

/** What verifying takes. */
export interface VerifyOptions {
  readonly directory: string;
  /**
   * The keys that may have signed, in the form `<name>+<key id>+<base64>`. Keys they were rotated to are trusted from
   * there on. Without any, checkpoints are compared with the log, and nothing shows that they are genuine.
   */
  readonly verifiers?: readonly string[];
  /** Signed checkpoints that witnesses have kept. They show what whoever rules the directory would rather hide. */
  readonly witnessed?: readonly string[];
  /** Snapshots of the log, oldest first, as `listSnapshots` finds them: witnesses as far as nobody can write to them. */
  readonly snapshots?: readonly string[];
  readonly signal?: AbortSignal;
}

/** What verifying found. */
export interface VerifyReport {
  readonly isIntact: boolean;
  /** What is wrong, by place; the first one names the first bad entry. No more than 1,000 are listed. */
  readonly faults: readonly Fault[];
  /** How many entries the log has, and how many of them retention has removed. */
  readonly size: number;
  readonly removed: number;
  readonly root: TreeHash;
  /** Checkpoints that agree with the log and were signed by a key that is trusted, and those nobody could check. */
  readonly checkpoints: { readonly verified: number; readonly unverified: number };
  /** Entries from this place on are covered by no verified checkpoint. */
  readonly verifiedSize: number;
  /** Bytes at the very end that are no whole entry: the log is being written, or its writer crashed. */
  readonly tornBytes: number;
  /** Segments that the log lacks and a snapshot has. */
  readonly kept: readonly KeptSegment[];
}

interface Tombstone {
  readonly seal: Seal;
  readonly file: string;
}

/**
 * Reads a whole log, also while it is written, and says whether it is what was written: every entry against its hash,
 * every hash against the one before, every segment against its seal, and the tree against every signed checkpoint.
 */
export async function verifyLog(options: VerifyOptions): Promise<VerifyReport> {
  const faults = new FaultList();
  const { directory, witnessed = [], snapshots = [] } = options;
  const checkpoints = await knownCheckpoints(directory, witnessed, faults.add);
  const witness = await askSnapshots(directory, snapshots);
  const known = [...checkpoints, ...witness.known];
  const trusted = options.verifiers?.map(parseVerifier);
  const verification = new Verification(new CheckpointCheck({ known, trusted, faults }), faults);
  for (const segment of await listSegments(directory)) {
    await verification.segment(segment, options);
  }
  return { ...verification.end(), kept: witness.kept };
}

class Verification {
  readonly #faults: FaultList;
  readonly #check: CheckpointCheck;
  readonly #walker: ChainWalker;
  readonly #tombstones: Tombstone[] = [];
  readonly #announced = new Map<number, string>();
  #removed = 0;
  #tornBytes = 0;

  constructor(check: CheckpointCheck, faults: FaultList) {
    this.#faults = faults;
    this.#check = check;
    this.#walker = new ChainWalker({
      fault: faults.add,
      entry: ({ seq, bodyStart, bodyEnd }, buffer) => {
        const event = readLogEvent(seq, buffer, { start: bodyStart, end: bodyEnd });
        if (event?.kind === "key-rotated") this.#check.announceKey({ ...event, seq });
        if (event?.kind === "segment-removed") this.#announced.set(event.first, event.head);
        if (seq + 1 === this.#check.nextSize) this.#check.reached(this.#walker.state);
      },
    });
    this.#check.reached(this.#walker.state);
  }

  async segment(segment: SegmentFile, options: VerifyOptions): Promise<void> {
    this.#endsTorn();
    const seal = await this.#readSeal(segment);
    if (segment.path === undefined) this.#skip(segment, seal);
    else await this.#scan({ ...segment, path: segment.path }, seal, options);
    this.#check.reached(this.#walker.state);
  }

  end(): Omit<VerifyReport, "kept"> {
    this.#checkTombstones();
    const { size, tree } = this.#walker.state;
    this.#check.end(size);
    const faults = this.#faults.settle();
    return {
      isIntact: faults.length === 0,
      faults,
      size,
      removed: this.#removed,
      root: tree.root(),
      checkpoints: this.#check.counts,
      verifiedSize: this.#check.verifiedSize,
      tornBytes: this.#tornBytes,
    };
  }

  /** Only the last segment may end in the middle of an entry. */
  #endsTorn(): void {
    if (this.#tornBytes === 0) return;
    const { size } = this.#walker;
    const detail = "The segment ends in the middle of an entry.";
    this.#faults.add({ kind: "truncated", seq: size, count: 1, file: "", offset: 0, detail });
    this.#tornBytes = 0;
  }

  async #readSeal({ first, sealPath }: SegmentFile): Promise<Seal | undefined> {
    if (sealPath === undefined) return undefined;
    try {
      return await readSeal(sealPath);
    } catch {
      const detail = "The segment's seal has been changed.";
      this.#faults.add({
        kind: "modified",
        seq: first,
        count: 0,
        file: sealPath,
        offset: 0,
        detail,
      });
      return undefined;
    }
  }

  #skip({ first, sealPath: file = "" }: SegmentFile, seal: Seal | undefined): void {
    const range = seal && TreeRange.from(seal.first, seal.first + seal.count, seal.range);
    if (seal === undefined || range === undefined || first !== this.#walker.size) return;
    if (seal.removed === undefined) {
      const detail = "The segment is missing, and retention did not remove it.";
      this.#faults.add({ kind: "deleted", seq: first, count: seal.count, file, offset: 0, detail });
    } else {
      this.#tombstones.push({ seal, file });
      this.#removed += seal.count;
    }
    this.#walker.skip(range, seal.head);
  }

  async #scan(
    segment: ReadableSegment,
    seal: Seal | undefined,
    options: VerifyOptions,
  ): Promise<void> {
    const before = this.#faults.count;
    const scan = await scanSegment(this.#walker, segment, options.signal);
    this.#tornBytes = scan.tornBytes;
    if (seal === undefined) return;
    const position = { file: segment.path, offset: scan.end };
    const end = seal.first + seal.count;
    if (this.#walker.size < end) this.#walker.missing(end, position);
    const { state, range } = this.#walker;
    const isSealed = state.head === seal.head && state.size === end && isSame(range, seal.range);
    if (isSealed || this.#faults.count > before) return;
    const detail = "The segment is not the one that was sealed.";
    this.#faults.add({ kind: "modified", seq: seal.first, count: seal.count, ...position, detail });
  }

  /** A removal that the log does not tell of was none of retention's, unless the entry that told of it is gone as well. */
  #checkTombstones(): void {
    const last = this.#tombstones.at(-1);
    for (const { seal, file } of this.#tombstones) {
      const head = this.#announced.get(seal.first);
      if (head === seal.head || (head === undefined && seal !== last?.seal)) continue;
      const detail = "The segment was removed, and no entry says why.";
      const { first: seq, count } = seal;
      this.#faults.add({ kind: "deleted", seq, count, file, offset: 0, detail });
    }
  }
}

function isSame(range: TreeRange, hashes: readonly TreeHash[]): boolean {
  const own = range.hashes;
  return own.length === hashes.length && own.every((hash, at) => hash === hashes[at]);
}
