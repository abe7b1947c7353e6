import type { Fault } from "../chain/fault.ts";

const mostFaults = 1000;

/** Gathers faults while a log is read and makes sense of them afterwards. */
export class FaultList {
  readonly #faults: Fault[] = [];
  #count = 0;
  #firstSeq = Number.POSITIVE_INFINITY;

  readonly add = (fault: Fault): void => {
    this.#count += 1;
    if (fault.count > 0) this.#firstSeq = Math.min(this.#firstSeq, fault.seq);
    if (this.#faults.length < mostFaults) this.#faults.push(fault);
  };

  get count(): number {
    return this.#count;
  }

  /** The place of the first bad entry so far; a bad checkpoint or seal makes no entry bad. */
  get firstSeq(): number {
    return this.#firstSeq;
  }

  /** The faults by place. What seemed deleted and turned up elsewhere was only moved. */
  settle(): Fault[] {
    const moved = this.#faults.filter(({ kind }) => kind === "reordered");
    return this.#faults
      .filter((fault) => !isMoved(fault, moved))
      .toSorted((one, other) => one.seq - other.seq);
  }
}

function isMoved({ kind, seq, count }: Fault, moved: readonly Fault[]): boolean {
  if (kind !== "deleted") return false;
  return moved.filter((fault) => seq <= fault.seq && fault.seq < seq + count).length >= count;
}
