import type { ChildProcess } from "node:child_process";
import { writeEnd, type LaunchPipe } from "../sandbox/launch-pipes.ts";
import { encodeSeccompFilter, toSeccompArch } from "./seccomp-filter.ts";

/** Writes this machine's filter to a child whose plan has a pipe for it. */
export function handOverFilter(child: ChildProcess, pipes: readonly LaunchPipe[]): void {
  const arch = toSeccompArch(process.arch);
  const filter = arch === undefined ? undefined : encodeSeccompFilter(arch);
  writeEnd(child, pipes, "filter")?.end(filter);
}
