import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PublicNames, type Origin } from "../../src/discovery/public-names.ts";

describe("the names clients see", () => {
  const sources = ["one", "two", "two_a"];
  const originals = ["a", "a.b", "a_b", "two_a", "two_a_b", "two_two_a", "b"];
  const origin = fc.record({
    source: fc.constantFrom(...sources),
    name: fc.constantFrom(...originals),
  });
  const origins = fc.uniqueArray(origin, { selector: ({ source, name }) => `${source} ${name}` });

  /** Every tool's public name, after the tools were listed in this order. */
  const toNames = (order: readonly Origin[]): ReadonlyMap<string, string> => {
    const names = new PublicNames(sources);
    const given = new Map<string, string>();
    for (const { source, name } of order) {
      const { publicName, moves } = names.claim({ source, name });
      for (const move of moves) {
        expect(given.get(`${move.source} ${move.name}`)).toBe(move.from);
        expect([...given.values()]).not.toContain(move.to);
        given.set(`${move.source} ${move.name}`, move.to);
      }
      given.set(`${source} ${name}`, publicName);
      expect(new Set(given.values()).size).toBe(given.size);
    }
    return new Map([...given].toSorted(([left], [right]) => (left < right ? -1 : 1)));
  };

  it("are the same in whatever order the tools are listed, and never two tools'", () => {
    fc.assert(
      fc.property(
        origins.chain((all) =>
          fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
        ),
        ([all, shuffled]) => {
          expect([...toNames(shuffled)]).toEqual([...toNames(all)]);
        },
      ),
      { seed: 11, numRuns: 2000 },
    );
  });

  it("go by the order of the sources, then to what is called so", () => {
    const names = toNames([
      { source: "two_a", name: "b" },
      { source: "two", name: "a_b" },
      { source: "two", name: "two_a_b" },
      { source: "one", name: "a.b" },
    ]);
    expect([...names]).toEqual([
      ["one a.b", "a_b"],
      ["two a_b", expect.stringMatching(/^two_a_b_[0-9a-f]{8}$/)],
      ["two two_a_b", "two_a_b"],
      ["two_a b", "b"],
    ]);
  });
});
