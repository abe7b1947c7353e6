import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { didYouMean, editDistance, nearest } from "../../src/text/nearest.ts";

describe("editDistance", () => {
  test.each([
    ["", "", 0],
    ["abc", "abc", 0],
    ["levle", "level", 1],
    ["tols", "tools", 1],
    ["kitten", "sitting", 3],
  ])("%j to %j is %i", (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance);
  });

  test("is symmetric and at most the longer length", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), (a, b) => {
        expect(editDistance(a, b)).toBe(editDistance(b, a));
        expect(editDistance(a, b)).toBeLessThanOrEqual(Math.max(a.length, b.length));
      }),
      { seed: 5 },
    );
  });
});

describe("nearest", () => {
  const commands = ["tools", "call", "doctor", "config", "init", "start"];

  test.each([
    ["tool", ["tools"]],
    ["docter", ["doctor"]],
    ["CALL", ["call"]],
    ["conf", ["config"]],
    ["xyzzy", []],
  ])("%j leads to %j", (word, expected) => {
    expect(nearest(word, commands)).toEqual(expected);
  });

  test("is put as a question", () => {
    expect(didYouMean("strat", commands)).toBe("Did you mean start?");
    expect(didYouMean("xyzzy", commands)).toBeUndefined();
  });
});
