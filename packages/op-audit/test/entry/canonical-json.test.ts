import * as fc from "fast-check";
import { expect, test } from "vitest";
import { AuditEntryError } from "../../src/audit-error.ts";
import { canonicalJson } from "../../src/entry/canonical-json.ts";

const seed = 20_261_121;

test("writes the example of RFC 8785", () => {
  const example = {
    numbers: [333333333.3333333, 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
    string: "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"/",
    literals: [null, true, false],
  };
  expect(canonicalJson(example)).toBe(
    String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`,
  );
});

test("sorts keys by UTF-16 code units, also those that look like numbers", () => {
  const keys = {
    "\u20ac": 1,
    "\r": 2,
    "\ufb33": 3,
    "1": 4,
    "\u{1f600}": 5,
    "\u0080": 6,
    "10": 7,
    "9": 8,
    "\u00f6": 9,
  };
  expect(canonicalJson(keys)).toBe(
    '{"\\r":2,"1":4,"10":7,"9":8,"\u0080":6,"ö":9,"€":1,"😀":5,"\ufb33":3}',
  );
});

test("says the same, whatever the order of the keys, and nothing else than JSON.parse reads", () => {
  const shuffled = fc
    .jsonValue()
    .chain((value) => fc.constant([value, reverseKeys(value)] as const));
  fc.assert(
    fc.property(shuffled, ([value, reversed]) => {
      expect(canonicalJson(reversed)).toBe(canonicalJson(value));
      expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
    { seed, numRuns: 500 },
  );
});

test("leaves out what is undefined and refuses what is not JSON", () => {
  expect(canonicalJson({ b: undefined, a: [undefined] })).toBe('{"a":[null]}');
  for (const value of [Number.NaN, Infinity, 1n, Symbol.iterator, () => 1, { deep: Number.NaN }]) {
    expect(() => canonicalJson(value)).toThrow(AuditEntryError);
  }
  let deep: unknown = 0;
  for (let level = 0; level < 300; level += 1) deep = [deep];
  expect(() => canonicalJson(deep)).toThrow(AuditEntryError);
});

function reverseKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reverseKeys);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).toReversed();
  return Object.fromEntries(entries.map(([name, item]) => [name, reverseKeys(item)]));
}
