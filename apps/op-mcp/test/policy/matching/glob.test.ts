import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileGlob } from "../../../src/policy/matching/glob.ts";

/** Tries every length that a star could have. */
function fitsSlowly(pattern: string, text: string): boolean {
  if (pattern === "") return text === "";
  if (pattern[0] !== "*")
    return pattern[0] === text[0] && fitsSlowly(pattern.slice(1), text.slice(1));
  return Array.from({ length: text.length + 1 }, (_, length) => text.slice(length)).some((rest) =>
    fitsSlowly(pattern.slice(1), rest),
  );
}

describe("a pattern", () => {
  it.each([
    ["a", "a", true],
    ["a", "A", false],
    ["", "", true],
    ["*", "", true],
    ["**", "anything", true],
    ["disk_*", "disk_", true],
    ["ab*ba", "aba", false],
    ["ab*ba", "abba", true],
    ["*a*b*", "xaxbx", true],
    ["*a*b*", "xbxax", false],
    ["a?c", "abc", false],
    ["a.c", "abc", false],
    ["[ab]", "a", false],
    ["oauth:sub=*@example.org", "oauth:sub=bob@example.org.evil.com", false],
  ])("%j and the text %j: %s", (pattern, text, fits) => {
    expect(compileGlob(pattern).matches(text)).toBe(fits);
  });

  it("means what trying every length of its stars means", () => {
    const few = fc.string({ unit: fc.constantFrom("a", "b", "*"), maxLength: 7 });
    const text = fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 9 });
    fc.assert(
      fc.property(few, text, (pattern, sample) => {
        expect(compileGlob(pattern).matches(sample)).toBe(fitsSlowly(pattern, sample));
      }),
      { seed: 1, numRuns: 20_000 },
    );
  });

  it("tries nothing twice, however many stars and repetitions there are", () => {
    const glob = compileGlob(`${"a*".repeat(1000)}b`);
    const began = performance.now();
    expect(glob.matches("a".repeat(100_000))).toBe(false);
    expect(performance.now() - began).toBeLessThan(1000);
  });

  it("knows whether it is exact", () => {
    expect(compileGlob("a")).toMatchObject({ isExact: true, isAny: false });
    expect(compileGlob("a*")).toMatchObject({ isExact: false, isAny: false });
    expect(compileGlob("**")).toMatchObject({ isExact: false, isAny: true });
  });
});
