import { expect, test } from "vitest";
import {
  createAuditKey,
  parseCheckpoint,
  parseNote,
  parseVerifier,
  verifyNote,
} from "../../src/index.ts";
import { formatCheckpoint } from "../../src/checkpoints/checkpoint.ts";
import { signNote } from "../../src/checkpoints/signed-note.ts";

test("verifies a note that Go's note package signed", () => {
  const verifier = parseVerifier(
    "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
  );
  const note = parseNote(
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n" +
      "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n",
  );
  expect(verifyNote(note, [verifier])).toEqual([verifier]);
});

const one = createAuditKey("example/audit");
const other = createAuditKey("example/audit");
const root = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";

test("signs with several keys, and each verifies by itself", () => {
  const note = signNote(formatCheckpoint({ origin: "example/audit", size: 3, root }), [one, other]);
  const parsed = parseNote(note);
  for (const { verifier } of [one, other]) {
    expect(verifyNote(parsed, [parseVerifier(verifier)])).toHaveLength(1);
  }
  expect(verifyNote(parsed, [parseVerifier(createAuditKey("example/audit").verifier)])).toEqual([]);
  expect(parseCheckpoint(parsed.text)).toEqual({ origin: "example/audit", size: 3, root });
});

test("finds any bit that was changed", () => {
  const note = Buffer.from(signNote(formatCheckpoint({ origin: "o", size: 3, root }), [one]));
  const verifier = parseVerifier(one.verifier);
  for (let bit = 0; bit < note.length * 8; bit += 1) {
    const changed = Buffer.from(note);
    changed[bit >> 3]! ^= 1 << (bit & 7);
    expect(isVerified(changed.toString(), verifier), `bit ${bit}`).toBe(false);
  }
});

test.each([
  "",
  "text\n",
  "text\n\nno dash\n",
  "text\n\n— name AAAA\n",
  "text\n\n— na me AAAAAAAA\n",
])("refuses %j", (text) => {
  expect(() => parseNote(text)).toThrow(expect.objectContaining({ code: "ERR_AUDIT_FORMAT" }));
});

test.each([
  "",
  "a+b",
  "name+00000000+AQ==",
  `${one.verifier}x`,
  one.verifier.replace("audit", "other"),
])("refuses the verifier key %j", (text) => {
  expect(() => parseVerifier(text)).toThrow(expect.objectContaining({ code: "ERR_AUDIT_FORMAT" }));
});

test.each([
  "",
  "o\n1\n",
  `o\n01\n${root}\n`,
  `o\n-1\n${root}\n`,
  "o\n1\nshort\n",
  `\n1\n${root}\n`,
])("refuses the checkpoint %j", (text) => {
  expect(() => parseCheckpoint(text)).toThrow(
    expect.objectContaining({ code: "ERR_AUDIT_FORMAT" }),
  );
});

function isVerified(note: string, verifier: ReturnType<typeof parseVerifier>): boolean {
  try {
    return verifyNote(parseNote(note), [verifier]).length > 0;
  } catch {
    return false;
  }
}
