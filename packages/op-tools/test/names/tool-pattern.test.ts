import { expect, test } from "vitest";
import { firstMatch, matchesPattern } from "../../src/names/tool-pattern.ts";
import { restrict, textResult, compileChain } from "../../src/index.ts";
import { createTestContext } from "../../src/testing/index.ts";
import { plainDescriptor } from "../fixtures/plain-tool.ts";

test.each([
  ["a", "a", true],
  ["ab", "a", false],
  ["anything", "*", true],
  ["disk_usage", "disk_*", true],
  ["disk_usage", "*_usage", true],
  ["disk_usage", "d*k*e", true],
  ["disk", "d*k*k", false],
  ["aba", "ab*ba", false],
  ["a.b", "a?b", false],
])("the name %s and the pattern %s: %s", (name, pattern, fits) => {
  expect(matchesPattern(plainDescriptor(name), pattern)).toBe(fits);
});

test("the first pattern that fits counts", () => {
  const table = { "disk_*": 1, "*": 2 };
  expect(firstMatch(plainDescriptor("disk_usage"), table)).toBe(1);
  expect(firstMatch(plainDescriptor("other"), table)).toBe(2);
  expect(firstMatch(plainDescriptor("other"), {})).toBeUndefined();
});

test("a middleware can be kept from some of its tools", async () => {
  const stop = { name: "stop", priority: 1, before: () => textResult("stopped") };
  const some = restrict(stop, ({ name }) => name !== "free");
  const call = (name: string) => {
    const tool = plainDescriptor(name);
    const chain = compileChain([some], tool, async () => textResult("ran"));
    return chain({ tool, args: {}, context: createTestContext() });
  };
  expect(await call("free")).toEqual(textResult("ran"));
  expect(await call("other")).toEqual(textResult("stopped"));
});
