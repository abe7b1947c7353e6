import type { ChildProcess } from "node:child_process";
import { Writable } from "node:stream";
import { encodeSeccompFilter, toSeccompArch } from "./seccomp-filter.ts";

/** Where a child that is being started reads its filter from. It has to be a pipe. */
export const seccompFd = 3;

/** Writes this machine's filter to a child that was started with a pipe at {@link seccompFd}. */
export function handOverFilter(child: ChildProcess): void {
  const arch = toSeccompArch(process.arch);
  const pipe = child.stdio[seccompFd];
  if (!(pipe instanceof Writable)) return;
  // A child that ended before it read its filter is told by its exit.
  pipe.on("error", () => undefined);
  pipe.end(arch === undefined ? undefined : encodeSeccompFilter(arch));
}
