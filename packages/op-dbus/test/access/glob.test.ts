import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createGlob } from "../../src/access/glob.ts";

const runs = { seed: 42, numRuns: 2000 };

describe("a pattern", () => {
  it.each([
    ["app-*.service", "app-a.service", true],
    ["app-*.service", "app-.service", true],
    ["app-*.service", "app.service", false],
    ["a*a", "a", false],
    ["*", "", true],
    ["a?c", "abc", true],
    ["a?c", "ac", false],
    ["*b?", "abcbd", true],
    ["a.c", "abc", false],
    ["a**c", "abc", true],
    ["?*", "", false],
  ])("%s fits %s: %s", (pattern, text, fits) => {
    expect(createGlob(pattern)(text)).toBe(fits);
  });

  const letters = fc.string({ unit: fc.constantFrom("a", "b", "*", "?"), maxLength: 8 });
  const texts = fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 12 });

  it("fits what the same regular expression fits", () => {
    fc.assert(
      fc.property(fc.tuple(letters, texts), ([pattern, text]) => {
        const expression = new RegExp(`^${pattern.replaceAll("*", ".*").replaceAll("?", ".")}$`);
        expect(createGlob(pattern)(text)).toBe(expression.test(text));
      }),
      runs,
    );
  });

  it("is not made slow by anything", () => {
    const fits = createGlob(`${"*a".repeat(400)}b`);
    expect(fits("a".repeat(100_000))).toBe(false);
  });
});
