import * as fc from "fast-check";
import { describe, expect, expectTypeOf, it } from "vitest";
import {
  formatSignature,
  parseSignature,
  parseType,
  type SignatureValue,
  type SignatureValues,
  type Variant,
} from "../../src/index.ts";
import { arbitraryType } from "../fixtures/arbitrary-value.ts";
import { codeOf } from "../fixtures/code-of.ts";

describe("a signature", () => {
  it("is written as it was read", () => {
    fc.assert(
      fc.property(fc.array(arbitraryType, { maxLength: 4 }), (types) => {
        const signature = types.join("");
        fc.pre(signature.length <= 255);
        expect(formatSignature(parseSignature(signature))).toBe(signature);
        expect(parseSignature(signature)).toHaveLength(types.length);
      }),
      { seed: 1, numRuns: 500 },
    );
  });

  it("is refused with an error of its own, whatever it is", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."ybnais{}()vzh".split("")) }), (text) => {
        const code = codeOf(() => formatSignature(parseSignature(text)));
        expect([undefined, "ERR_DBUS_SIGNATURE"]).toContain(code);
      }),
      { seed: 2, numRuns: 2000 },
    );
  });

  it.each([
    ["a", 'The signature "a" is wrong at character 2: it ends too early.'],
    ["sz", 'The signature "sz" is wrong at character 2: no type begins with "z".'],
    ["()", 'The signature "()" is wrong at character 2: a struct has at least one field.'],
    ["(s", 'The signature "(s" is wrong at character 3: it ends too early.'],
    ["{sv}", 'The signature "{sv}" is wrong at character 1: no type begins with "{".'],
    ["a{vs}", `The signature "a{vs}" is wrong at character 3: a dictionary's key is a basic type.`],
    ["a{sss}", 'The signature "a{sss}" is wrong at character 5: a dictionary entry has two types.'],
  ])("%j is refused where it is wrong", (signature, message) => {
    expect(() => parseSignature(signature)).toThrow(message);
  });

  it("nests as deeply as the specification allows, and no deeper", () => {
    const structs = (depth: number): string => `${"(".repeat(depth)}s${")".repeat(depth)}`;
    expect(() => parseSignature(`${"a".repeat(32)}s`)).not.toThrow();
    expect(() => parseSignature(`${"a".repeat(33)}s`)).toThrow("too many arrays");
    expect(() => parseSignature(structs(32))).not.toThrow();
    expect(() => parseSignature(structs(33))).toThrow("too many structs");
    expect(() => parseSignature("s".repeat(255))).not.toThrow();
    expect(() => parseSignature("s".repeat(256))).toThrow("longer than 255");
  });

  it("of one type is exactly one", () => {
    expect(parseType("a{sv}").hasUnixFd).toBe(false);
    expect(parseType("a(sh)").hasUnixFd).toBe(true);
    expect(() => parseType("")).toThrow("exactly one");
    expect(() => parseType("ss")).toThrow("exactly one");
  });

  it("is known to the compiler", () => {
    expectTypeOf<SignatureValue<"a{sv}">>().toEqualTypeOf<ReadonlyMap<string, Variant>>();
    expectTypeOf<SignatureValue<"aay">>().toEqualTypeOf<readonly Uint8Array[]>();
    expectTypeOf<SignatureValues<"sx(ub)">>().toEqualTypeOf<
      readonly [string, bigint, readonly [number, boolean]]
    >();
    expectTypeOf<SignatureValues<"">>().toEqualTypeOf<readonly []>();
  });
});
