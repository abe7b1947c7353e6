import * as fc from "fast-check";
import { expect, it } from "vitest";
import { hasBit } from "../../../src/policy/matching/bit-set.ts";
import { compileGlob } from "../../../src/policy/matching/glob.ts";
import { PatternIndex } from "../../../src/policy/matching/pattern-index.ts";

const word = fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 4 });
const pattern = fc.oneof(word, fc.string({ unit: fc.constantFrom("a", "b", "*"), maxLength: 4 }));

it("finds what trying every pattern finds", () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(pattern, { maxLength: 3 }), { maxLength: 70 }),
      fc.array(word, { maxLength: 10 }),
      (patterns, texts) => {
        const globs = patterns.map((ofOne) => ofOne.map(compileGlob));
        const entries = globs.flatMap((ofOne, number) =>
          ofOne.map((glob) => [number, glob] as const),
        );
        const index = new PatternIndex(patterns.length, entries);
        for (const text of texts) {
          const found = index.matching(text);
          expect(globs.map((_, number) => hasBit(found, number))).toEqual(
            globs.map((ofOne) => ofOne.some((glob) => glob.matches(text))),
          );
        }
      },
    ),
    { seed: 9, numRuns: 500 },
  );
});

it("stays right when it has been asked about more texts than it remembers", () => {
  const index = new PatternIndex(1, [[0, compileGlob("text*7")]]);
  for (let number = 0; number < 10_000; number += 1) {
    const text = `text${number}`;
    expect(hasBit(index.matching(text), 0)).toBe(text.endsWith("7"));
  }
  expect(hasBit(index.matching("text7"), 0)).toBe(true);
});
