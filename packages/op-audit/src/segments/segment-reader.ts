import { open, type FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import { blockBytes, blockCodec, type BlockCodec } from "./block-codec.ts";
import { BlockDecoder } from "./block-decoder.ts";
import { listSegments, type Compression, type SegmentFile } from "./segment-file.ts";

/** Some bytes of a segment, none at its end; or what stands in the place of some that cannot be read. */
export type Fill = { readonly bytes: number } | { readonly damage: string };

/** Reads a segment, compressed or not, as the bytes that were written. */
export interface SegmentReader extends AsyncDisposable {
  /** Goes through the segment from an offset on: each call fills the target with what comes next. */
  stream(from?: number): (target: Buffer) => Promise<Fill>;
  /** A part of the segment; shorter where the segment ends or is damaged. */
  read(offset: number, length: number): Promise<Buffer>;
}

/** Which segment is read. */
export type ReadableSegment = Pick<SegmentFile, "first" | "compression"> & {
  readonly path: string;
};

/** Opens a segment for reading, also if it was compressed since it was listed. */
export async function openSegmentReader(segment: ReadableSegment): Promise<SegmentReader> {
  try {
    return await openAs(segment.path, segment.compression);
  } catch (error) {
    if (!isMissing(error)) throw error;
    const directory = dirname(segment.path);
    const moved = (await listSegments(directory)).find(({ first }) => first === segment.first);
    if (moved?.path === undefined) throw error;
    return await openAs(moved.path, moved.compression);
  }
}

async function openAs(path: string, compression: Compression): Promise<SegmentReader> {
  const file = await open(path, "r");
  return compression === "none" ? plainReader(file) : blockReader(file, blockCodec(compression));
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

async function readAt(file: FileHandle, offset: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await file.read(buffer, filled, length - filled, offset + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}

function plainReader(file: FileHandle): SegmentReader {
  return {
    stream: (from = 0) => {
      let offset = from;
      return async (target) => {
        const { bytesRead } = await file.read(target, 0, target.length, offset);
        offset += bytesRead;
        return { bytes: bytesRead };
      };
    },
    read: async (offset, length) => await readAt(file, offset, length),
    [Symbol.asyncDispose]: async () => await file.close(),
  };
}

/** Whoever looks for entries finds the next one near the last one. */
const mostDecoded = 16;

interface Block {
  readonly offset: number;
  readonly length: number;
}

function blockReader(file: FileHandle, codec: BlockCodec): SegmentReader {
  let found: Promise<readonly (Block | undefined)[]> | undefined;
  const blocks = () => (found ??= findBlocks(file, codec));
  const streams = new DisposableStack();
  const decoded = new Map<number, Promise<Buffer | undefined>>();

  const decode = async (index: number): Promise<Buffer | undefined> => {
    const block = (await blocks())[index];
    if (block === undefined) return undefined;
    try {
      return codec.decode(await readAt(file, block.offset, block.length));
    } catch {
      // The caller says what is damaged.
      return undefined;
    }
  };
  const decodeOnce = async (index: number): Promise<Buffer | undefined> => {
    const bytes = decoded.get(index) ?? decode(index);
    decoded.set(index, bytes);
    const [oldest] = decoded.keys();
    if (decoded.size > mostDecoded && oldest !== undefined) decoded.delete(oldest);
    return await bytes;
  };

  return {
    stream: (from = 0) =>
      streamBlocks({ file, blocks, decoder: streams.use(new BlockDecoder(codec)) }, from),
    read: async (offset, length) => {
      const parts: Buffer[] = [];
      const end = offset + length;
      for (let at = offset; at < end;) {
        const index = Math.floor(at / blockBytes);
        const bytes = await decodeOnce(index);
        const part = bytes?.subarray(at - index * blockBytes, end - index * blockBytes);
        if (part === undefined || part.length === 0) break;
        parts.push(part);
        at += part.length;
      }
      return Buffer.concat(parts);
    },
    [Symbol.asyncDispose]: async () => {
      streams.dispose();
      await file.close();
    },
  };
}

interface BlockSource {
  readonly file: FileHandle;
  readonly blocks: () => Promise<readonly (Block | undefined)[]>;
  readonly decoder: BlockDecoder;
}

/** Goes through the blocks, and decodes the next one while its reader is busy with this one. */
function streamBlocks(
  { file, blocks, decoder }: BlockSource,
  from: number,
): (target: Buffer) => Promise<Fill> {
  const decode = async (index: number): Promise<Buffer | undefined> => {
    const block = (await blocks())[index];
    return block && (await decoder.decode(await readAt(file, block.offset, block.length)));
  };
  const begin = (index: number) => {
    const bytes = decode(index);
    // Whoever comes to this block hears of it; maybe nobody does.
    bytes.catch(() => undefined);
    return { index, bytes };
  };
  let offset = from;
  let current = begin(Math.floor(from / blockBytes));
  let next = begin(current.index + 1);
  return async (target) => {
    const index = Math.floor(offset / blockBytes);
    if (index > current.index) [current, next] = [next, begin(index + 1)];
    if (index >= (await blocks()).length) return { bytes: 0 };
    const bytes = await current.bytes;
    if (bytes === undefined) {
      offset = (index + 1) * blockBytes;
      return { damage: `Compressed block ${index} cannot be read.` };
    }
    const copied = bytes.copy(target, 0, offset - index * blockBytes);
    offset += copied;
    return { bytes: copied };
  };
}

/** Hops from block to block. What is no block ends the list with a hole, since nothing says where the next one is. */
async function findBlocks(file: FileHandle, codec: BlockCodec): Promise<(Block | undefined)[]> {
  const blocks: (Block | undefined)[] = [];
  const { size } = await file.stat();
  for (let offset = 0; offset < size;) {
    const header = await readAt(file, offset, codec.headerBytes);
    const length = header.length < codec.headerBytes ? undefined : codec.blockLength(header);
    if (length === undefined || length <= codec.headerBytes || offset + length > size) {
      return [...blocks, undefined];
    }
    blocks.push({ offset, length });
    offset += length;
  }
  return blocks;
}
