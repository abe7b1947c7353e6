import type { Transform } from "node:stream";
import { promisify } from "node:util";
import {
  constants,
  createGunzip,
  createZstdDecompress,
  gunzipSync,
  gzip,
  zstdCompress,
  zstdDecompressSync,
} from "node:zlib";
import type { Compression } from "./segment-file.ts";

/** How much of a segment goes into one block: small enough to read one entry quickly, large enough to compress well. */
export const blockBytes = 512 * 1024;

/**
 * Compresses a segment block by block. A block says how long it is, so that any part of a segment can be read without
 * what is before it, and a damaged block hides no other. Both formats are read by the usual tools as well.
 */
export interface BlockCodec {
  /** How much of a block one has to see to know its length. */
  readonly headerBytes: number;
  /** The length of a whole block, or nothing if this is no block. */
  blockLength(header: Buffer): number | undefined;
  encode(raw: Buffer): Promise<Buffer>;
  /** What of a block a decoder takes. */
  content(block: Buffer): Buffer;
  /** Makes a decoder that takes the contents of any number of blocks. */
  createDecoder(): Transform;
  /** At once: for a single block the way to another thread and back costs more than the work. */
  decode(block: Buffer): Buffer;
}

/** A little more than a block: an output that is filled to the brim makes zlib allocate another one to be sure. */
const room = { chunkSize: blockBytes + 1024 };

/** A decoder's output for one block comes in one piece, and it never waits for somebody to take it. */
const roomy = { chunkSize: blockBytes, readableHighWaterMark: 2 * blockBytes };

const zstdEncode = promisify(zstdCompress);
const gzipEncode = promisify(gzip);

/** A skippable frame before each frame carries its length; decoders pass over it. */
const skippable = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 4, 0, 0, 0]);

const params = {
  [constants.ZSTD_c_checksumFlag]: 1,
  // A block needs no larger window, and a reader would make room for one of megabytes.
  [constants.ZSTD_c_windowLog]: Math.log2(blockBytes),
};

const zstd: BlockCodec = {
  headerBytes: skippable.length + 4,
  blockLength: (header) => {
    const isBlock = header.subarray(0, skippable.length).equals(skippable);
    return isBlock ? header.readUInt32LE(skippable.length) : undefined;
  },
  encode: async (raw) => {
    const frame = await zstdEncode(raw, { params });
    return Buffer.concat([skippable, uint32(zstd.headerBytes + frame.length), frame]);
  },
  content: (block) => block.subarray(zstd.headerBytes),
  createDecoder: () => createZstdDecompress(roomy),
  decode: (block) => zstdDecompressSync(zstd.content(block), room),
};

/** An extra field in each member's header carries its length, as BGZF does. */
const extra = Buffer.from([8, 0, 0x4f, 0x41, 4, 0]);
const gzipHeaderBytes = 10;
const flagsAt = 3;
const hasExtra = 4;

const gzipCodec: BlockCodec = {
  headerBytes: gzipHeaderBytes + extra.length + 4,
  blockLength: (header) => {
    const isMember = header[0] === 0x1f && header[1] === 0x8b && header[flagsAt] === hasExtra;
    const field = header.subarray(gzipHeaderBytes, gzipHeaderBytes + extra.length);
    if (!isMember || !field.equals(extra)) return undefined;
    return header.readUInt32LE(gzipHeaderBytes + extra.length);
  },
  encode: async (raw) => {
    const member = await gzipEncode(raw);
    const header = Buffer.from(member.subarray(0, gzipHeaderBytes));
    header[flagsAt] = hasExtra;
    const length = uint32(member.length + extra.length + 4);
    return Buffer.concat([header, extra, length, member.subarray(gzipHeaderBytes)]);
  },
  content: (block) => block,
  createDecoder: () => createGunzip(roomy),
  decode: (block) => gunzipSync(block, room),
};

/** The codec of a compression. */
export function blockCodec(compression: Exclude<Compression, "none">): BlockCodec {
  return compression === "zstd" ? zstd : gzipCodec;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
