import * as fc from "fast-check";
import { expect, test } from "vitest";
import { ChainWalker, emptyChain } from "../../src/chain/chain-walker.ts";
import type { Fault } from "../../src/chain/fault.ts";
import { writeEntryLine } from "../../src/entry/entry-line.ts";
import { noHash } from "../../src/merkle/tree-hash.ts";
import { TreeRange } from "../../src/merkle/tree-range.ts";

const count = 12;

/** Lines of a chain without a header, as they lie on the disk but without their newlines. */
function writeLines(): string[] {
  const lines: string[] = [];
  let previous = noHash;
  for (let seq = 0; seq < count; seq += 1) {
    const buffer = Buffer.alloc(1000);
    const { end, hash } = writeEntryLine(buffer, 0, {
      seq,
      previous,
      body: `{"a":"entry ${seq}"}`,
    });
    lines.push(buffer.toString("utf8", 0, end - 1));
    previous = hash;
  }
  return lines;
}

function walk(lines: readonly string[]): { faults: Fault[]; walker: ChainWalker; seqs: number[] } {
  const faults: Fault[] = [];
  const seqs: number[] = [];
  const walker = new ChainWalker({
    fault: (fault) => faults.push(fault),
    entry: ({ seq }) => seqs.push(seq),
  });
  for (const [at, line] of lines.entries()) {
    const buffer = Buffer.from(line);
    walker.line(buffer, { start: 0, end: buffer.length }, { file: "f", offset: at });
  }
  walker.endSegment();
  return { faults, walker, seqs };
}

const lines = writeLines();

test("follows a whole chain without a fault", () => {
  const { faults, walker, seqs } = walk(lines);
  expect(faults).toEqual([]);
  expect(seqs).toEqual(Array.from({ length: count }, (_, at) => at));
  expect(walker.state).toMatchObject({ size: count, tree: { end: count } });
});

test("finds whatever is done to one line, names the first entry it concerns, and reads all that follow", () => {
  const byte = fc.record({ at: fc.nat(), bit: fc.nat(7) });
  fc.assert(
    fc.property(fc.nat(count - 2), byte, (line, { at, bit }) => {
      const bytes = Buffer.from(lines[line]!);
      bytes[at % bytes.length]! ^= 1 << bit;
      if (bytes.includes(10)) return;
      const { faults, walker, seqs } = walk(lines.with(line, bytes.toString("latin1")));
      expect(faults[0]?.seq).toBe(line);
      expect(walker.size).toBe(count);
      expect(seqs.filter((seq) => seq > line)).toEqual(
        Array.from({ length: count - 1 - line }, (_, k) => line + 1 + k),
      );
    }),
    { seed: 12, numRuns: 500 },
  );
});

test("finds any change of the order, whatever the order", () => {
  fc.assert(
    fc.property(fc.shuffledSubarray(lines, { minLength: count, maxLength: count }), (shuffled) => {
      const { faults } = walk(shuffled);
      const isSame = shuffled.every((line, at) => line === lines[at]);
      expect(faults.length === 0).toBe(isSame);
      const firstMoved = shuffled.findIndex((line, at) => line !== lines[at]);
      expect(Math.min(...faults.map(({ seq }) => seq))).toBe(isSame ? Infinity : firstMoved);
    }),
    { seed: 13, numRuns: 200 },
  );
});

test("finds any deletion but that of the end", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(count - 2), { minLength: 1 }), (gone) => {
      const { faults } = walk(lines.filter((_line, at) => !gone.includes(at)));
      expect(faults.every(({ kind }) => kind === "deleted")).toBe(true);
      expect(faults[0]?.seq).toBe(Math.min(...gone));
      expect(faults.reduce((sum, fault) => sum + fault.count, 0)).toBe(gone.length);
    }),
    { seed: 14, numRuns: 200 },
  );
});

test("never breaks on any text, and never believes a number that is absurd", () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.string(), fc.constantFrom(...lines)), { maxLength: 8 }),
      (any) => {
        expect(walk(any).walker.size).toBeLessThanOrEqual(count + 8);
      },
    ),
    { seed: 15, numRuns: 300 },
  );
  const absurd = lines[5]!.replace('"n":5', '"n":9007199254740991').replace("entry", "other");
  expect(walk(lines.with(5, absurd)).walker.size).toBe(count);
});

test("goes on behind entries that were removed", () => {
  const { walker } = walk(lines);
  const { tree, head } = walker.state;
  const other = new ChainWalker({ fault: () => undefined }, emptyChain());
  other.skip(TreeRange.from(0, count, tree.hashes)!, head);
  expect(other.state.tree.root()).toBe(tree.root());
});
