import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createFrameReader, encodeFrame } from "../../src/ipc/frame.ts";

function readAll(chunks: readonly Buffer[], maxBytes = 1_000_000) {
  const messages: unknown[] = [];
  const faults: string[] = [];
  const reader = createFrameReader(maxBytes, {
    onMessage: (message) => messages.push(message),
    onFault: (detail) => faults.push(detail),
  });
  for (const chunk of chunks) reader.read(chunk);
  return { messages, faults };
}

function cut(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const pieces: Buffer[] = [];
  let at = 0;
  for (const size of sizes) {
    pieces.push(bytes.subarray(at, at + size));
    at += size;
  }
  return [...pieces, bytes.subarray(at)];
}

describe("frames", () => {
  it("come out as they went in, however they are cut", () => {
    fc.assert(
      fc.property(
        fc.array(fc.dictionary(fc.string({ unit: "binary" }), fc.jsonValue()), { maxLength: 6 }),
        fc.array(fc.nat(40), { maxLength: 30 }),
        (messages, sizes) => {
          const bytes = Buffer.concat(messages.map(encodeFrame));
          const expected: unknown = JSON.parse(JSON.stringify(messages));
          expect(readAll(cut(bytes, sizes))).toEqual({ messages: expected, faults: [] });
        },
      ),
      { seed: 1 },
    );
  });

  it("never throw for foreign bytes, and tell at most one fault", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 50 })), (chunks) => {
        const { faults } = readAll(
          chunks.map((chunk) => Buffer.from(chunk)),
          1000,
        );
        expect(faults.length).toBeLessThanOrEqual(1);
      }),
      { seed: 2 },
    );
  });

  it("that are too long are refused by their header alone", () => {
    const header = Buffer.from([0, 0, 4, 1]);
    expect(readAll([header], 1024).faults).toEqual(["a message of 1025 bytes exceeds 1024"]);
  });

  it("that are no JSON are a fault, after which nothing is read", () => {
    const bad = Buffer.from([0, 0, 0, 1, 0x7b]);
    const { messages, faults } = readAll([
      Buffer.concat([encodeFrame({ a: 1 }), bad, encodeFrame({})]),
    ]);
    expect(messages).toEqual([{ a: 1 }]);
    expect(faults).toEqual(["a message is no JSON"]);
  });
});
