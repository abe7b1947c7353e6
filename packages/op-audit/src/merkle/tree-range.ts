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
  #nodes: TreeNode[];

  constructor(first = 0, nodes: readonly TreeNode[] = [], end = first) {
    this.first = first;
    this.#end = end;
    this.#nodes = [...nodes];
  }

  /** Rebuilds a range from its hashes; which subtrees they stand for follows from the bounds. */
  static from(first: number, end: number, hashes: readonly TreeHash[]): TreeRange | undefined {
    const places = coverRange(first, end);
    if (places.length !== hashes.length) return undefined;
    const nodes = places.map((place, at) => ({ ...place, hash: hashes[at] ?? "" }));
    return new TreeRange(first, nodes, end);
  }

  get end(): number {
    return this.#end;
  }

  get nodes(): readonly TreeNode[] {
    return this.#nodes;
  }

  get hashes(): TreeHash[] {
    return this.#nodes.map((node) => node.hash);
  }

  /** A range that grows apart from this one. */
  copy(): TreeRange {
    return new TreeRange(this.first, this.#nodes, this.#end);
  }

  /** Adds the next leaf. */
  addLeaf(hash: TreeHash): void {
    this.#add({ level: 0, index: this.#end, hash });
    this.#end += 1;
  }

  /** Adds the range that begins where this one ends. */
  addRange(range: TreeRange): void {
    if (range.first !== this.#end)
      throw new RangeError(`${range.first} does not follow ${this.#end}`);
    for (const node of range.nodes) this.#add(node);
    this.#end = range.end;
  }

  /** The root of the tree, for a range that begins with the first leaf. */
  root(): TreeHash {
    const root = this.#nodes.reduceRight<TreeHash | undefined>(
      (right, { hash }) => (right === undefined ? hash : hashChildren(hash, right)),
      undefined,
    );
    return root ?? emptyRoot;
  }

  #add(added: TreeNode): void {
    let node = added;
    for (let left = this.#nodes.at(-1); left !== undefined; left = this.#nodes.at(-1)) {
      if (left.level !== node.level || left.index % 2 !== 0) break;
      this.#nodes.pop();
      const hash = hashChildren(left.hash, node.hash);
      node = { level: node.level + 1, index: left.index / 2, hash };
    }
    this.#nodes.push(node);
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
