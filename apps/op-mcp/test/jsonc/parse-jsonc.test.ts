import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findNode, toJsonValue } from "../../src/jsonc/json-node.ts";
import { JsonSyntaxError } from "../../src/jsonc/jsonc-error.ts";
import { parseJsonc } from "../../src/jsonc/parse-jsonc.ts";

function failureOf(text: string): JsonSyntaxError {
  try {
    parseJsonc(text);
  } catch (error) {
    if (error instanceof JsonSyntaxError) return error;
  }
  throw new Error("expected a syntax error");
}

const refused = Symbol("refused");

function outcomeOf(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    if (error instanceof JsonSyntaxError || error instanceof SyntaxError) return refused;
    throw error;
  }
}

describe("parseJsonc", () => {
  test("reads whatever JSON.stringify writes", () => {
    fc.assert(
      fc.property(fc.json(), fc.constantFrom(undefined, 2, "\t"), (json, indent) => {
        const value: unknown = JSON.parse(json);
        expect(toJsonValue(parseJsonc(JSON.stringify(value, undefined, indent)))).toEqual(value);
      }),
      { seed: 1, numRuns: 500 },
    );
  });

  test("reads what JSON.parse reads of mutated texts, and fails at the rest only by naming a place", () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(), fc.string({ maxLength: 3 }), (json, at, noise) => {
        const offset = at % (json.length + 1);
        const text = json.slice(0, offset) + noise + json.slice(offset + noise.length);
        const theirs = outcomeOf(() => JSON.parse(text) as unknown);
        const mine = outcomeOf(() => toJsonValue(parseJsonc(text)));
        expect([theirs, "lenient"]).toContainEqual(theirs === refused ? "lenient" : mine);
      }),
      { seed: 2, numRuns: 1000 },
    );
  });

  test("skips a byte order mark, comments and trailing commas", () => {
    const text = '\uFEFF// top\n{ /* a */ "a": [1, 2,], // end\n "b": null, }\n';
    expect(toJsonValue(parseJsonc(text))).toEqual({ a: [1, 2], b: null });
  });

  test("keeps a key named __proto__ as data", () => {
    const value = toJsonValue(parseJsonc('{"__proto__": {"polluted": true}}'));
    expect(Object.keys(value as object)).toEqual(["__proto__"]);
    expect("polluted" in {}).toBe(false);
  });

  test("finds nodes by path", () => {
    const root = parseJsonc('{"a": [10, {"b": 20}]}');
    expect(findNode(root, ["a", 1, "b"])).toMatchObject({ value: 20, start: 17 });
    expect(findNode(root, ["a", 5])).toBeUndefined();
    expect(findNode(root, ["a", "b", "c"])).toBeUndefined();
  });

  test.each([
    ['{"a":}', 'Expected a value, found "}"', 1, 6],
    ['{"a" 1}', 'Expected ":" after the key, found "1"', 1, 6],
    ["{a: 1}", 'Expected a key in double quotes, found "a"', 1, 2],
    ['{"a": 1\n "b": 2}', 'Expected "," or "}", found "\\""', 2, 2],
    ["[1, 2", 'Expected "," or "]", found the end of the text', 1, 6],
    ['"abc', "A string is not closed", 1, 5],
    ['"a\\q"', "A string has an unknown escape", 1, 3],
    ["{} x", 'Expected the end, found "x"', 1, 4],
    ["/* open", "A comment is not closed", 1, 1],
    ["truex", 'Unexpected "x"', 1, 5],
    ["", "Expected a value, found the end of the text", 1, 1],
  ])("says where %j breaks", (text, problem, line, column) => {
    const failure = failureOf(text);
    expect(failure.message).toBe(`${problem} at line ${line}, column ${column}.`);
    expect(failure).toMatchObject({ line, column });
  });

  test("refuses nesting that would exhaust the stack", () => {
    expect(failureOf("[".repeat(100_000)).message).toMatch(/deeper than 200/);
  });
});
