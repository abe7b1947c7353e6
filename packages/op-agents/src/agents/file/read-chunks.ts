import type { FileHandle } from "node:fs/promises";

/** What is read of a file, and how. */
interface ReadOptions {
  readonly from: number;
  readonly signal: AbortSignal;
}

const chunkBytes = 65_536;

/** Reads a file from a position to its end, in pieces that are overwritten by the next ones. */
export async function* readChunks(
  handle: FileHandle,
  { from, signal }: ReadOptions,
): AsyncGenerator<Buffer> {
  const buffer = Buffer.allocUnsafe(chunkBytes);
  let position = from;
  for (;;) {
    signal.throwIfAborted();
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, position);
    if (bytesRead === 0) return;
    position += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

/** Reads so many bytes of a file, or fewer where it ends. */
export async function readRange(handle: FileHandle, from: number, bytes: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(bytes);
  let filled = 0;
  while (filled < bytes) {
    const { bytesRead } = await handle.read(buffer, filled, bytes - filled, from + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}
