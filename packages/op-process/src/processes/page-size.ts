import { readGone } from "./process-table.ts";

let known: number | undefined;

/** The size of a page of memory in bytes, which differs between machines of one architecture. */
export function pageSizeBytes(): number {
  const [, kilobytes = "4"] =
    /KernelPageSize:\s+(\d+) kB/u.exec(readGone("/proc/self/smaps") ?? "") ?? [];
  known ??= Number(kilobytes) * 1024;
  return known;
}
