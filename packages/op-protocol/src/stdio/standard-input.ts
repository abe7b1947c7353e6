import { fstatSync } from "node:fs";
import { Socket } from "node:net";
import type { Readable } from "node:stream";
import { readSocket } from "op-core/streams";

const descriptor = 0;

/** Whether stdin is what programs that start a server give it, and not a terminal or a file. */
function isPipe(): boolean {
  try {
    const stats = fstatSync(descriptor);
    return stats.isFIFO() || stats.isSocket();
  } catch {
    return false;
  }
}

/** This process's standard input. Where it is a pipe it is read faster than `process.stdin`, which must not be used then. */
export function openStandardInput(): Readable {
  if (!isPipe()) return process.stdin;
  return readSocket(
    (onread) => new Socket({ fd: descriptor, readable: true, writable: false, onread }),
  );
}
