import { hashChildren, type TreeHash } from "./tree-hash.ts";
import type { TreeRange } from "./tree-range.ts";

/** A tree of which only some subtrees are known: enough to prove what is asked. */
export class TreeNodes {
  readonly #known = new Map<string, TreeHash>();

  addRange(range: TreeRange): void {
    for (const { level, index, hash } of range.nodes) this.#known.set(`${level}:${index}`, hash);
  }

  addLeaf(index: number, hash: TreeHash): void {
    this.#known.set(`0:${index}`, hash);
  }

  /** The hash over the leaves from `first` up to, not including, `end`; nothing, if too little is known. */
  hashOf(first: number, end: number): TreeHash | undefined {
    const count = end - first;
    const level = Math.log2(count);
    const known = Number.isInteger(level)
      ? this.#known.get(`${level}:${first / count}`)
      : undefined;
    if (known !== undefined || count <= 1) return known;
    const middle = first + splitSize(count);
    const left = this.hashOf(first, middle);
    const right = left === undefined ? undefined : this.hashOf(middle, end);
    return left === undefined || right === undefined ? undefined : hashChildren(left, right);
  }
}

/** Where RFC 6962 splits a tree: the largest power of two that is smaller than its size. */
export function splitSize(size: number): number {
  let split = 1;
  while (split * 2 < size) split *= 2;
  return split;
}
