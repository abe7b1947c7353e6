import { assert, property, string } from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeHeaderValue } from "../../src/http/header-value.ts";

const wrap = (text: string): string => `=?base64?${Buffer.from(text).toString("base64")}?=`;

describe("a value that was mirrored into a header", () => {
  it("comes back from base64, whatever it is", () => {
    assert(
      property(string({ unit: "grapheme" }), (text) => {
        const clean = Buffer.from(text).toString("utf8");
        expect(decodeHeaderValue(wrap(clean))).toBe(clean);
      }),
      { seed: 1 },
    );
  });

  it("is never a surprise: it is refused, taken as it is, or decoded", () => {
    assert(
      property(string({ unit: "binary" }), (text) => {
        const read = decodeHeaderValue(text);
        expect(read === undefined || read === text || text.startsWith("=?base64?")).toBe(true);
      }),
      { seed: 2 },
    );
  });

  it.each([
    ["plain", "plain"],
    ["", ""],
    ["=?base64?SGVsbG8=", "=?base64?SGVsbG8="],
    ["SGVsbG8=?=", "SGVsbG8=?="],
    ["=?BASE64?SGVsbG8=?=", "=?BASE64?SGVsbG8=?="],
    ["=?base64??=", ""],
    ["=?base64?SGVsbG8=?=", "Hello"],
    ["=?base64?SGVsbG8?=", undefined],
    ["=?base64?SGVs!G8=?=", undefined],
    ["=?base64?wyg=?=", undefined],
    ["a\u0000b", undefined],
    ["ä", undefined],
  ])("%j is read as %j", (text, read) => {
    expect(decodeHeaderValue(text)).toBe(read);
  });
});
