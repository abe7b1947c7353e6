import { describe, expect, it } from "vitest";
import { RecordFields } from "../../src/segments/record-fields.ts";

const hash = `${"A".repeat(43)}=`;
const whole = {
  text: "a",
  count: 3,
  at: "2026-05-01T12:00:00.000Z",
  hash,
  hashes: [hash],
  kind: "b",
};

function isSound(value: unknown): boolean {
  const fields = new RecordFields(value, Object.keys(whole), ["more"]);
  fields.text("text");
  fields.count("count");
  fields.time("at");
  fields.hash("hash");
  fields.hashes("hashes");
  fields.oneOf("kind", "a", "b");
  return fields.isSound;
}

describe("a record", () => {
  it("is sound when each field is what it should be", () => {
    expect(isSound(whole)).toBe(true);
    expect(isSound({ ...whole, more: 1 })).toBe(true);
  });

  it.each([
    ["no object", "x"],
    ["nothing", undefined],
    ["a list", [whole]],
    ["another field", { ...whole, other: 1 }],
    ["a missing field", { ...whole, text: undefined, count: 1, at: undefined }],
    ["a negative count", { ...whole, count: -1 }],
    ["a fraction", { ...whole, count: 1.5 }],
    ["no time", { ...whole, at: "yesterday" }],
    ["a time in no zone", { ...whole, at: "2026-05-01T12:00:00" }],
    ["no hash", { ...whole, hash: "abc" }],
    ["a list with no hash", { ...whole, hashes: [hash, 1] }],
    ["another word", { ...whole, kind: "c" }],
  ])("is not sound with %s", (_what, value) => {
    expect(isSound(value)).toBe(false);
  });
});
