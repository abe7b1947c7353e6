import type { Writable } from "node:stream";

/** Resolves when nothing waits to be written to a stream, or when the stream is gone. */
export async function whenDrained(stream: Writable): Promise<void> {
  if (stream.destroyed || stream.writableLength === 0) return;
  await new Promise<void>((resolve) => {
    const done = (): void => {
      stream.off("drain", done).off("close", done);
      resolve();
    };
    stream.once("drain", done).once("close", done);
  });
}
