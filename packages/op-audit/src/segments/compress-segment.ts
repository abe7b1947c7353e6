import type { AuditFiles } from "../files/audit-files.ts";
import { blockBytes, blockCodec } from "./block-codec.ts";
import { segmentPath, type Compression } from "./segment-file.ts";
import { openSegmentReader } from "./segment-reader.ts";

/** What compressing a segment takes. */
export interface CompressOptions {
  readonly directory: string;
  readonly first: number;
  readonly compression: Exclude<Compression, "none">;
  readonly files: AuditFiles;
}

/** Compresses a closed segment. The one that is not compressed goes only when the other is on the disk. */
export async function compressSegment(options: CompressOptions): Promise<void> {
  const { directory, first, compression, files } = options;
  const plain = segmentPath(directory, first, "none");
  await files.replace(segmentPath(directory, first, compression), encodeBlocks(plain, options));
  await files.syncDirectory(directory);
  await files.remove(plain);
}

async function* encodeBlocks(
  path: string,
  { first, compression }: CompressOptions,
): AsyncGenerator<Uint8Array> {
  const codec = blockCodec(compression);
  await using reader = await openSegmentReader({ path, first, compression: "none" });
  for (let offset = 0; ; offset += blockBytes) {
    const raw = await reader.read(offset, blockBytes);
    if (raw.length === 0) return;
    yield await codec.encode(raw);
    if (raw.length < blockBytes) return;
  }
}
