import { expect, test } from "vitest";
import { blockBytes, blockCodec } from "../../src/segments/block-codec.ts";
import { BlockDecoder } from "../../src/segments/block-decoder.ts";

const raws = [1, 2, 3].map((seed) =>
  Buffer.from(Array.from({ length: blockBytes }, (_, at) => (at * seed * 7919) % 251)),
);

test.each(["zstd", "gzip"] as const)(
  "decodes %s blocks one after the other, and is not put out by a damaged one",
  async (compression) => {
    const codec = blockCodec(compression);
    const last = Buffer.from("the end");
    const blocks = await Promise.all([...raws, last].map(async (raw) => await codec.encode(raw)));
    const damaged = Buffer.from(blocks[1]!);
    damaged[damaged.length - 6]! ^= 1;
    // Cut in the middle, it leaves a decoder that waits for the rest.
    const cut = blocks[1]!.subarray(0, 60);
    using decoder = new BlockDecoder(codec);
    const decoding = [blocks[0]!, damaged, blocks[2]!, cut, blocks[0]!, blocks[3]!, blocks[1]!].map(
      async (block) => await decoder.decode(block),
    );
    const decoded = await Promise.all(decoding);
    const expected = [raws[0], undefined, raws[2], undefined, raws[0], last, raws[1]];
    expect(decoded.map((bytes, at) => bytes?.equals(expected[at] ?? Buffer.of()))).toEqual(
      expected.map((bytes) => bytes && true),
    );
  },
);
