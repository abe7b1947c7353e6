import type { ChainState } from "../chain/chain-walker.ts";
import type { Verifier } from "../checkpoints/signed-note.ts";
import type { FaultList } from "./fault-list.ts";
import { isSigned, type KnownCheckpoint } from "./known-checkpoints.ts";

/** What comparing needs. */
export interface CheckpointCheckOptions {
  readonly known: readonly KnownCheckpoint[];
  readonly trusted: readonly Verifier[] | undefined;
  readonly faults: FaultList;
}

/** Says that one key takes the place of another. */
export interface KeyChange {
  /** The id of the key that signs no more. */
  readonly from: string;
  readonly to: Verifier;
  readonly seq: number;
}

/** Compares a log with its checkpoints while it is read. */
export class CheckpointCheck {
  readonly #faults: FaultList;
  readonly #known: KnownCheckpoint[];
  #trusted: readonly Verifier[] | undefined;
  #announced: KeyChange[] = [];
  #verified = 0;
  #unverified = 0;
  #verifiedSize = 0;

  constructor({ known, trusted, faults }: CheckpointCheckOptions) {
    this.#known = known.toSorted((one, other) => one.size - other.size);
    this.#trusted = trusted;
    this.#faults = faults;
  }

  /** The size at which the tree is wanted next. */
  get nextSize(): number | undefined {
    return this.#known[0]?.size;
  }

  get counts(): { verified: number; unverified: number } {
    return { verified: this.#verified, unverified: this.#unverified };
  }

  get verifiedSize(): number {
    return this.#verifiedSize;
  }

  /** An entry says that another key signs from now on. It counts once a key that is trusted vouches for the entry. */
  announceKey(change: KeyChange): void {
    this.#announced.push(change);
  }

  /** Compares the checkpoints of this size, and gives up those of sizes that were passed over. */
  reached({ size, tree }: ChainState): void {
    for (
      let next = this.#known[0];
      next !== undefined && next.size <= size;
      next = this.#known[0]
    ) {
      this.#known.shift();
      if (next.size === size) this.#compare(next, tree.root());
      else if (next.note !== undefined) this.#unverified += 1;
    }
  }

  /** Those that are left are of a log that was longer. */
  end(size: number): void {
    for (const checkpoint of this.#known) {
      if (!this.#isGenuine(checkpoint)) continue;
      const { file, offset } = checkpoint;
      const detail = `${nameOf(checkpoint)} vouches for ${checkpoint.size} entries.`;
      const count = checkpoint.size - size;
      this.#faults.add({ kind: "truncated", seq: size, count, file, offset, detail });
    }
  }

  #compare(checkpoint: KnownCheckpoint, root: string): void {
    const { size, file, offset } = checkpoint;
    if (!this.#isGenuine(checkpoint)) return;
    if (checkpoint.root !== root) {
      // Entries that are known to be bad explain it.
      if (this.#faults.firstSeq < size) return;
      const seq = this.#verifiedSize;
      const detail = `${nameOf(checkpoint)} vouches for other entries than the first ${size}.`;
      this.#faults.add({ kind: "rewritten", seq, count: size - seq, file, offset, detail });
      return;
    }
    if (checkpoint.note === undefined) return;
    if (this.#trusted === undefined) {
      this.#unverified += 1;
      return;
    }
    this.#verified += 1;
    this.#verifiedSize = size;
    this.#trusted = this.#announced
      .filter(({ seq }) => seq < size)
      .reduce(
        (keys, { from, to }) => [...keys.filter(({ keyId }) => keyId !== from), to],
        this.#trusted,
      );
    this.#announced = this.#announced.filter(({ seq }) => seq >= size);
  }

  #isGenuine(checkpoint: KnownCheckpoint): boolean {
    if (this.#trusted === undefined || isSigned(checkpoint, this.#trusted)) return true;
    const { size, file, offset } = checkpoint;
    const detail = "No key that is trusted signed the checkpoint.";
    const seq = Math.max(0, size - 1);
    this.#faults.add({ kind: "checkpoint", seq, count: 0, file, offset, detail });
    return false;
  }
}

function nameOf({ note }: KnownCheckpoint): string {
  return note === undefined ? "A snapshot" : "A checkpoint";
}
