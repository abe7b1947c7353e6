import { emptyRoot, hashChildren, type TreeHash } from "./tree-hash.ts";
import { splitSize, type TreeNodes } from "./tree-nodes.ts";

// The proofs and their verification are those of RFC 6962, 2.1.1 and 2.1.2, in the wording of RFC 9162, 2.1.3 and 2.1.4.

/** Proves that a leaf is in the tree of this size; nothing, if too little of the tree is known. */
export function proveInclusion(
  nodes: TreeNodes,
  leaf: number,
  size: number,
): TreeHash[] | undefined {
  const path: TreeHash[] = [];
  let [first, end] = [0, size];
  while (end - first > 1) {
    const middle = first + splitSize(end - first);
    const isLeft = leaf < middle;
    const sibling = isLeft ? nodes.hashOf(middle, end) : nodes.hashOf(first, middle);
    if (sibling === undefined) return undefined;
    path.unshift(sibling);
    [first, end] = isLeft ? [first, middle] : [middle, end];
  }
  return path;
}

/** Proves that the tree of the first size is the beginning of the tree of the second. */
export function proveConsistency(
  nodes: TreeNodes,
  first: number,
  second: number,
): TreeHash[] | undefined {
  if (first === 0 || first === second) return [];
  const path: (TreeHash | undefined)[] = [];
  let [from, end] = [0, second];
  while (end !== first) {
    const middle = from + splitSize(end - from);
    const isLeft = first <= middle;
    path.unshift(isLeft ? nodes.hashOf(middle, end) : nodes.hashOf(from, middle));
    [from, end] = isLeft ? [from, middle] : [middle, end];
  }
  if (from > 0) path.unshift(nodes.hashOf(from, end));
  return path.every((hash) => hash !== undefined) ? path : undefined;
}

/** What an inclusion proof says the root is; nothing, if it cannot be a proof. */
export function rootOfInclusion(
  leaf: { readonly hash: TreeHash; readonly index: number },
  size: number,
  path: readonly TreeHash[],
): TreeHash | undefined {
  if (leaf.index >= size) return undefined;
  let [index, last, root] = [leaf.index, size - 1, leaf.hash];
  for (const sibling of path) {
    if (last === 0) return undefined;
    if (index % 2 === 1 || index === last) {
      root = hashChildren(sibling, root);
      while (index % 2 === 0 && index > 0) [index, last] = [half(index), half(last)];
    } else {
      root = hashChildren(root, sibling);
    }
    [index, last] = [half(index), half(last)];
  }
  return last === 0 ? root : undefined;
}

/** A tree by its size and root. */
export interface TreeHead {
  readonly size: number;
  readonly root: TreeHash;
}

/** Whether a proof shows that the first tree is the beginning of the second. */
export function verifyConsistency(
  first: TreeHead,
  second: TreeHead,
  path: readonly TreeHash[],
): boolean {
  if (first.size > second.size) return false;
  if (first.size === second.size) return path.length === 0 && first.root === second.root;
  if (first.size === 0) return path.length === 0 && first.root === emptyRoot;
  return consistentRoots(first, second, path);
}

function consistentRoots(first: TreeHead, second: TreeHead, path: readonly TreeHash[]): boolean {
  const [start, ...rest] = isPowerOfTwo(first.size) ? [first.root, ...path] : path;
  if (start === undefined) return false;
  let [index, last] = [first.size - 1, second.size - 1];
  while (index % 2 === 1) [index, last] = [half(index), half(last)];
  let [oldRoot, newRoot] = [start, start];
  for (const sibling of rest) {
    if (last === 0) return false;
    if (index % 2 === 1 || index === last) {
      oldRoot = hashChildren(sibling, oldRoot);
      newRoot = hashChildren(sibling, newRoot);
      while (index % 2 === 0 && index > 0) [index, last] = [half(index), half(last)];
    } else {
      newRoot = hashChildren(newRoot, sibling);
    }
    [index, last] = [half(index), half(last)];
  }
  return last === 0 && oldRoot === first.root && newRoot === second.root;
}

function half(value: number): number {
  return Math.floor(value / 2);
}

function isPowerOfTwo(value: number): boolean {
  return Number.isInteger(Math.log2(value));
}
