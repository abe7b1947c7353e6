import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatType, fromJson, jsonSchemaOf, parseType, toJson, Variant } from "../../src/index.ts";
import type { JsonValue } from "op-core";
import { arbitraryTyped } from "../fixtures/arbitrary-value.ts";

const to = (signature: string, json: JsonValue) => fromJson(parseType(signature), json);

describe("a value", () => {
  it("survives JSON, whatever its type", () => {
    fc.assert(
      fc.property(arbitraryTyped, ({ type, value }) => {
        const text = JSON.stringify(toJson(type, value, { variants: "typed" }));
        expect(fromJson(type, JSON.parse(text) as JsonValue)).toEqual(value);
      }),
      { seed: 4, numRuns: 1000 },
    );
  });

  it("has a schema, whatever its type", () => {
    fc.assert(
      fc.property(arbitraryTyped, ({ type }) => {
        expect(JSON.parse(JSON.stringify(jsonSchemaOf(type)))).toEqual(jsonSchemaOf(type));
        expect(formatType(type)).not.toBe("");
      }),
      { seed: 5, numRuns: 200 },
    );
  });

  it("is written as people expect it", () => {
    const properties = new Map([
      ["Limit", new Variant("t", 2n ** 64n - 1n)],
      ["Pid", new Variant("u", 7)],
      ["Path", new Variant("ay", new TextEncoder().encode("/etc\0"))],
      ["__proto__", new Variant("d", Number.NaN)],
    ]);
    const json = toJson(parseType("a{sv}"), properties);
    expect(JSON.stringify(json)).toBe(
      '{"Limit":"18446744073709551615","Pid":7,"Path":{"base64":"L2V0YwA=","text":"/etc"},"__proto__":"NaN"}',
    );
  });

  it.each<[string, JsonValue, unknown]>([
    ["t", "18446744073709551615", 2n ** 64n - 1n],
    ["x", -5, -5n],
    ["u", "7", 7],
    ["d", "-Infinity", Number.NEGATIVE_INFINITY],
    ["ay", "AAE=", Uint8Array.of(0, 1)],
    ["ay", { text: "é" }, Uint8Array.of(0xc3, 0xa9)],
    ["v", "x", new Variant("s", "x")],
    ["v", true, new Variant("b", true)],
    ["v", { type: "au", value: [1] }, new Variant("au", [1])],
    ["a{bs}", { true: "x" }, new Map([[true, "x"]])],
  ])("of type %s may be said as %j", (signature, json, value) => {
    expect(to(signature, json)).toEqual(value);
  });

  it.each<[string, JsonValue, string]>([
    [
      "u",
      -1,
      'Argument 1 has type "u": expected an integer from 0 to 4294967295, got the number -1.',
    ],
    ["t", 2 ** 60, "expected an integer from 0 to 18446744073709551615"],
    ["x", "1.5", 'got the string "1.5"'],
    ["d", "1.2.3", "expected a number"],
    ["b", 0, "expected a boolean"],
    ["s", "\0", "text without NUL"],
    ["o", "x", "expected an object path"],
    ["as", ["a", 1], "at [1]: expected text"],
    ["(su)", ["a"], "expected an array of 2 values"],
    ["a{sv}", { a: { b: 1 } }, 'at ["a"]: expected text, a boolean or {"type": signature'],
    ["a{sv}", { a: 5 }, "got the number 5"],
    ["a{us}", { x: "y" }, 'at ["x"]: expected an integer'],
    ["v", { type: "ss", value: 1 }, "the signature of one type"],
    ["v", { type: "h", value: 1 }, "a type without file descriptors"],
    ["ay", "???", "expected base64"],
    ["ay", [1, 2], "base64"],
  ])("of type %s is not %j", (signature, json, message) => {
    expect(() => to(signature, json)).toThrow(message);
  });

  it("cannot be a file descriptor", () => {
    expect(() => to("ah", [])).toThrow(expect.objectContaining({ code: "ERR_DBUS_UNIX_FD" }));
    expect(() => jsonSchemaOf(parseType("h"))).toThrow("file descriptor");
  });
});
