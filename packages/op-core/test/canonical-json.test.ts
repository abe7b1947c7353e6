import { assert, json, property } from "fast-check";
import type { JsonValue } from "../src/json.ts";
import { expect, test } from "vitest";
import { canonicalJson } from "../src/canonical-json.ts";

/** The same value with the keys of every object set in the opposite order. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, member]) => [key, reversed(member)]),
  );
}

test("says the same whatever the order of keys, and loses nothing", () => {
  assert(
    property(json(), (text) => {
      const value = JSON.parse(text) as JsonValue;
      const canonical = canonicalJson(value);
      expect(JSON.parse(canonical)).toEqual(value);
      expect(canonicalJson(reversed(value) as JsonValue)).toBe(canonical);
    }),
    { seed: 7, numRuns: 500 },
  );
});

test("sorts keys that are numbers as text", () => {
  expect(canonicalJson({ b: [{ 9: 1, 10: 2 }], a: 1 })).toBe('{"a":1,"b":[{"10":2,"9":1}]}');
});
