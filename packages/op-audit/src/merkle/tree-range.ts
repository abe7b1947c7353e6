import { emptyRoot, hashChildren, type TreeHash } from "./tree-hash.ts";

/** A node of the tree: the root of the complete subtree over the leaves from `index * 2 ** level` on. */
export interface TreeNode {
  readonly level: number;
  readonly index: number;
  readonly hash: TreeHash;
}

/**
 * The leaves from `first` up to, not including, `end`, as the fewest complete subtrees. With `first` 0 it is all a
 * Merkle tree needs to grow; otherwise it is all that proofs about other leaves need to know of these.
 */
export class TreeRange {
  readonly first: number;
  #end: number;
  /** The subtrees' roots and, beside them, their levels: a leaf is added a million times, and objects would cost. */
  #hashes: TreeHash[];
  #levels: number[];

  constructor(first = 0) {
    this.first = first;
    this.#end = first;
    this.#hashes = [];
    this.#levels = [];
  }

  /** Rebuilds a range from its hashes; which subtrees they stand for follows from the bounds. */
  static from(first: number, end: number, hashes: readonly TreeHash[]): TreeRange | undefined {
    const levels = coverRange(first, end).map(({ level }) => level);
    if (levels.length !== hashes.length) return undefined;
    const range = new TreeRange(first);
    range.#end = end;
    range.#hashes = [...hashes];
    range.#levels = levels;
    return range;
  }

  get end(): number {
    return this.#end;
  }

  get nodes(): readonly TreeNode[] {
    const places = coverRange(this.first, this.#end);
    return places.map((place, at) => ({ ...place, hash: this.#hashes[at] ?? "" }));
  }

  get hashes(): TreeHash[] {
    return [...this.#hashes];
  }

  /** A range that grows apart from this one. */
  copy(): TreeRange {
    const range = new TreeRange(this.first);
    range.#end = this.#end;
    range.#hashes = [...this.#hashes];
    range.#levels = [...this.#levels];
    return range;
  }

  /** Adds the next leaf. */
  addLeaf(hash: TreeHash): void {
    this.#add(0, hash);
  }

  /** Adds the range that begins where this one ends. */
  addRange(range: TreeRange): void {
    if (range.first !== this.#end)
      throw new RangeError(`${range.first} does not follow ${this.#end}`);
    for (const { level, hash } of range.nodes) this.#add(level, hash);
  }

  /** The root of the tree, for a range that begins with the first leaf. */
  root(): TreeHash {
    const root = this.#hashes.reduceRight<TreeHash | undefined>(
      (right, hash) => (right === undefined ? hash : hashChildren(hash, right)),
      undefined,
    );
    return root ?? emptyRoot;
  }

  /** Adds a complete subtree of this level; it becomes one with those it completes. */
  #add(added: number, hash: TreeHash): void {
    const [hashes, levels] = [this.#hashes, this.#levels];
    let level = added;
    let root = hash;
    // On each level the one with an odd index is the right child of the one before.
    let index = this.#end / 2 ** added;
    while (index % 2 === 1 && levels.length > 0 && levels[levels.length - 1] === level) {
      root = hashChildren(hashes.pop() ?? "", root);
      levels.pop();
      level += 1;
      index = (index - 1) / 2;
    }
    hashes.push(root);
    levels.push(level);
    this.#end += 2 ** added;
  }
}

/** The fewest complete subtrees that cover the leaves from `first` up to, not including, `end`. */
export function coverRange(first: number, end: number): { level: number; index: number }[] {
  const places = [];
  for (let at = first; at < end;) {
    let level = 0;
    while (at % 2 ** (level + 1) === 0 && at + 2 ** (level + 1) <= end) level += 1;
    places.push({ level, index: at / 2 ** level });
    at += 2 ** level;
  }
  return places;
}
