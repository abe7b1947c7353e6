import { createHash } from "node:crypto";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hashLeaf } from "../../src/merkle/tree-hash.ts";
import { TreeNodes } from "../../src/merkle/tree-nodes.ts";
import {
  proveConsistency,
  proveInclusion,
  rootOfInclusion,
  verifyConsistency,
} from "../../src/merkle/tree-proof.ts";
import { TreeRange } from "../../src/merkle/tree-range.ts";

const seed = 6962;
const sizes = fc.integer({ min: 1, max: 70 });

/** The definition of RFC 6962, 2.1, word by word. */
function referenceRoot(leaves: readonly Buffer[]): Buffer {
  if (leaves.length === 0) return createHash("sha256").digest();
  const [only] = leaves;
  if (leaves.length === 1 && only !== undefined) {
    return createHash("sha256").update(Buffer.of(0)).update(only).digest();
  }
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  const left = referenceRoot(leaves.slice(0, split));
  const right = referenceRoot(leaves.slice(split));
  return createHash("sha256").update(Buffer.of(1)).update(left).update(right).digest();
}

function leavesOf(size: number): Buffer[] {
  return Array.from({ length: size }, (_, at) => Buffer.from(`leaf ${at}`));
}

function treeOf(from: number, to: number): TreeRange {
  const range = new TreeRange(from);
  for (const leaf of leavesOf(to).slice(from)) range.addLeaf(hashLeaf(leaf));
  return range;
}

function rootOf(size: number): string {
  return referenceRoot(leavesOf(size)).toString("base64");
}

test("has the roots of the vectors that Certificate Transparency implementations share", () => {
  const inputs = [
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
  ];
  const roots = new Map([
    [1, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"],
    [2, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
    [3, "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"],
    [8, "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"],
  ]);
  const tree = new TreeRange();
  const found = new Map<number, string>();
  for (const [at, input] of inputs.entries()) {
    tree.addLeaf(hashLeaf(Buffer.from(input, "hex")));
    found.set(at + 1, Buffer.from(tree.root(), "base64").toString("hex"));
  }
  for (const [size, root] of roots) expect(found.get(size)).toBe(root);
});

test("grows, is cut anywhere and joined again to the root of the definition", () => {
  const cuts = fc.tuple(sizes, fc.array(fc.nat(70), { maxLength: 4 }));
  fc.assert(
    fc.property(cuts, ([size, places]) => {
      const bounds = [
        0,
        ...places.map((place) => place % (size + 1)).toSorted((a, b) => a - b),
        size,
      ];
      const joined = new TreeRange();
      for (const [at, end] of bounds.entries()) {
        const from = bounds[at - 1] ?? 0;
        const part = treeOf(from, end);
        const copy = TreeRange.from(from, end, part.hashes);
        if (copy !== undefined) joined.addRange(copy);
      }
      expect(joined.root()).toBe(rootOf(size));
      expect(joined.hashes).toEqual(treeOf(0, size).hashes);
    }),
    { seed, numRuns: 200 },
  );
});

describe("proofs", () => {
  /** A tree of which one part is known leaf by leaf and the rest as few subtrees as there can be. */
  function nodesOf(size: number, from: number, to: number): TreeNodes {
    const nodes = new TreeNodes();
    nodes.addRange(treeOf(0, from));
    for (let leaf = from; leaf < to; leaf += 1)
      nodes.addLeaf(leaf, hashLeaf(Buffer.from(`leaf ${leaf}`)));
    nodes.addRange(treeOf(to, size));
    return nodes;
  }

  const parts = fc.tuple(sizes, fc.nat(), fc.nat(), fc.nat()).map(([size, a, b, c]) => {
    const from = a % size;
    const to = from + 1 + (b % (size - from));
    return { size, from, to, leaf: from + (c % (to - from)) };
  });

  test("an entry is proved by what is known of the others, and no other root is", () => {
    fc.assert(
      fc.property(parts, ({ size, from, to, leaf }) => {
        const path = proveInclusion(nodesOf(size, from, to), leaf, size) ?? [];
        const hash = hashLeaf(Buffer.from(`leaf ${leaf}`));
        expect(rootOfInclusion({ hash, index: leaf }, size, path)).toBe(rootOf(size));
        expect(rootOfInclusion({ hash: hashLeaf(Buffer.of()), index: leaf }, size, path)).not.toBe(
          rootOf(size),
        );
        expect(rootOfInclusion({ hash, index: (leaf + 1) % size }, size, path)).not.toBe(
          size === 1 ? "" : rootOf(size),
        );
      }),
      { seed, numRuns: 300 },
    );
  });

  test("a tree is proved to be the beginning of another, and nothing else is", () => {
    fc.assert(
      fc.property(parts, ({ size, from, to, leaf }) => {
        const first = leaf + 1;
        const path = proveConsistency(nodesOf(size, from, to), first, size) ?? [];
        const [old, now] = [
          { size: first, root: rootOf(first) },
          { size, root: rootOf(size) },
        ];
        expect(verifyConsistency(old, now, path)).toBe(true);
        expect(verifyConsistency({ ...old, root: hashLeaf(Buffer.of(9)) }, now, path)).toBe(false);
        expect(verifyConsistency(old, { ...now, root: hashLeaf(Buffer.of(9)) }, path)).toBe(false);
        expect(verifyConsistency(old, now, [...path, rootOf(1)])).toBe(false);
        expect(verifyConsistency(old, now, path.slice(1))).toBe(path.length === 0);
      }),
      { seed, numRuns: 300 },
    );
  });

  test("nothing is proved where too little is known", () => {
    const nodes = new TreeNodes();
    nodes.addRange(treeOf(0, 5));
    expect(proveInclusion(nodes, 2, 5)).toBeUndefined();
    expect(proveConsistency(nodes, 3, 5)).toBeUndefined();
  });
});
