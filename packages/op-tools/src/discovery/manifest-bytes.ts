import { ManifestClosedError } from "../tool-error.ts";
import { closeSync, fstatSync, openSync, readSync } from "node:fs";

/** Where the bytes of a manifest are. They are read when they are looked at, and only those. */
export interface ManifestBytes extends Disposable {
  readonly length: number;
  /** Fills the target from a position on, and tells how many bytes there were. */
  readInto(target: Buffer, position: number): number;
}

/** Bytes in memory. */
export function bytesInMemory(bytes: Buffer): ManifestBytes {
  return {
    length: bytes.length,
    readInto: (target, position) => bytes.copy(target, 0, position),
    [Symbol.dispose]: () => undefined,
  };
}

/**
 * Bytes of a file that stays open, so that ten thousand descriptors take no memory and the file may be replaced
 * meanwhile. Disposing closes it.
 */
export function openBytesOfFile(path: string): ManifestBytes {
  const file = openSync(path, "r");
  let isOpen = true;
  return {
    length: fstatSync(file).size,
    readInto: (target, position) => {
      // The number of a closed file may already stand for another one.
      if (!isOpen) throw new ManifestClosedError(path);
      return readSync(file, target, 0, target.length, position);
    },
    [Symbol.dispose]: () => {
      if (isOpen) closeSync(file);
      isOpen = false;
    },
  };
}
