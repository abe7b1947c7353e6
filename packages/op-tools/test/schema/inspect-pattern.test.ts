import { expect, test } from "vitest";
import { inspectPattern } from "../../src/schema/inspect-pattern.ts";

test.each([
  "^[a-z0-9]+(-[a-z0-9]+)*$",
  "^(\\.[a-z]+|:[0-9]+)*$",
  "^(?:[0-9]{1,3}\\.){3}[0-9]{1,3}$",
  "^(a|b)+$",
  "^[(+*)]+$",
  "^\\(a+\\)+$",
  "\\p{L}+",
  "(?<year>\\d{4})-(?<month>\\d{2})",
])("accepts %s", (pattern) => {
  expect(inspectPattern(pattern)).toBeUndefined();
});

test.each([
  "(a+)+",
  "(a*)*$",
  "([a-z]+)*",
  "(\\w+\\s?)*$",
  "(x+x+)+y",
  "((a+))+",
  "(a+|b)+",
  "(a{1,})+",
])("refuses %s", (pattern) => {
  expect(inspectPattern(pattern)).toMatch(/forever/);
});

test("refuses what is too long or no pattern", () => {
  expect(inspectPattern("a".repeat(1001))).toMatch(/longer/);
  expect(inspectPattern("[")).toMatch(/no regular expression/);
});
