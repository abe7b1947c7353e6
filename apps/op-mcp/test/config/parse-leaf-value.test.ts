import { describe, expect, test } from "vitest";
import { parseLeafValue } from "../../src/config/parse-leaf-value.ts";

describe("parseLeafValue", () => {
  test.each([
    [{ type: "string" }, " 5 ", " 5 "],
    [{ type: "integer" }, "5", 5],
    [{ type: "number" }, "-0.5", -0.5],
    [{ type: "boolean" }, "On", true],
    [{ type: "boolean" }, "0", false],
    [{ type: "array", items: { type: "string" } }, "a, b,,", ["a", "b"]],
    [{ type: "array", items: { type: "integer" } }, "1,2", [1, 2]],
    [{ type: "array", items: { type: "string" } }, '["a,b"]', ["a,b"]],
    [{ type: "object" }, '{"a": 1}', { a: 1 }],
    [{ anyOf: [{ type: "number" }, { const: "auto" }] }, "7", 7],
    [{ anyOf: [{ type: "number" }, { const: "auto" }] }, "auto", "auto"],
  ])("reads %j from %j", (schema, text, value) => {
    expect(parseLeafValue(schema, text)).toEqual({ isOk: true, value });
  });

  test.each([
    [{ type: "integer" }, "five", 'must be a number, not "five"'],
    [{ type: "number" }, " ", 'must be a number, not " "'],
    [{ type: "boolean" }, "maybe", 'must be true or false, not "maybe"'],
    [{ type: "array" }, "[1", "must be a list separated by commas, or a JSON list"],
    [{ type: "array", items: { type: "integer" } }, "1,x", 'must be a number, not "x"'],
    [{ type: "object" }, "[]", "must be a JSON object"],
  ])("says what %j finds wrong in %j", (schema, text, message) => {
    expect(parseLeafValue(schema, text)).toEqual({ isOk: false, message });
  });
});
