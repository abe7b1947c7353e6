import { inspect } from "node:util";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Secret } from "../../src/secrets/secret.ts";

describe("Secret", () => {
  test("is never shown, however it is printed", () => {
    const secret = Secret.of("hunter2-hunter2");
    const printed = [
      String(secret),
      `a ${String(secret)}`,
      JSON.stringify({ secret }),
      inspect(secret),
      inspect({ deep: [secret] }, { showHidden: true, depth: 9 }),
      inspect(secret, { customInspect: false, showHidden: true }),
      JSON.stringify(structuredClone(secret)),
    ];
    expect(printed.filter((text) => text.includes("hunter2"))).toEqual([]);
    expect(JSON.stringify({ secret })).toBe('{"secret":"[secret]"}');
  });

  test("equals exactly what is the same", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.string({ unit: "grapheme" }), (a, b) => {
        const secret = Secret.of(a);
        expect(secret.reveal()).toBe(a);
        expect(secret.equals(a)).toBe(true);
        expect(secret.equals(Secret.of(Buffer.from(a)))).toBe(true);
        expect(secret.equals(b)).toBe(a === b);
      }),
      { seed: 1 },
    );
  });

  test("equals nothing after it was wiped, not even its wiped bytes", () => {
    const secret = Secret.of("abc");
    const other = Secret.of("\0\0\0");
    secret.wipe();
    expect(secret.reveal()).toBe("");
    expect(secret.equals("abc")).toBe(false);
    expect(secret.equals("\0\0\0")).toBe(false);
    expect(other.equals(secret)).toBe(false);
  });

  test("is wiped when it leaves its scope", () => {
    let kept: Secret;
    {
      using secret = Secret.of("abc");
      kept = secret;
      expect(kept.reveal()).toBe("abc");
    }
    expect(kept.reveal()).toBe("");
  });
});
