import * as fc from "fast-check";
import { expect, it } from "vitest";
import {
  addBit,
  createBitSet,
  hasBit,
  intersect,
  nextCommonBit,
  unite,
  type BitSet,
} from "../../../src/policy/matching/bit-set.ts";

const size = 130;
const numbers = fc.uniqueArray(fc.integer({ min: 0, max: size - 1 }));

function bitsOf(members: readonly number[]): BitSet {
  const bits = createBitSet(size);
  for (const member of members) addBit(bits, member);
  return bits;
}

function membersOf(bits: BitSet): readonly number[] {
  return Array.from({ length: size }, (_, number) => number).filter((one) => hasBit(bits, one));
}

it("holds numbers as a set does", () => {
  fc.assert(
    fc.property(numbers, numbers, (some, others) => {
      const both = bitsOf(some);
      intersect(both, bitsOf(others));
      const all = bitsOf(some);
      unite(all, bitsOf(others));
      expect(new Set(membersOf(both))).toEqual(new Set(some).intersection(new Set(others)));
      expect(new Set(membersOf(all))).toEqual(new Set(some).union(new Set(others)));
    }),
    { seed: 1 },
  );
});

it("finds what two sets have in common, in order", () => {
  fc.assert(
    fc.property(numbers, numbers, (some, others) => {
      const found: number[] = [];
      let at = nextCommonBit(bitsOf(some), bitsOf(others), 0);
      while (at !== -1) {
        found.push(at);
        at = nextCommonBit(bitsOf(some), bitsOf(others), at + 1);
      }
      const common = some.filter((one) => others.includes(one));
      expect(found).toEqual(common.toSorted((one, other) => one - other));
    }),
    { seed: 2 },
  );
});

it("finds nothing where there is nothing", () => {
  expect(nextCommonBit(createBitSet(0), createBitSet(0), 0)).toBe(-1);
  expect(nextCommonBit(bitsOf([3]), bitsOf([3]), 4)).toBe(-1);
  expect(nextCommonBit(bitsOf([size - 1]), bitsOf([size - 1]), size)).toBe(-1);
});
