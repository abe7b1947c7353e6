import { existsSync } from "node:fs";
import { readKernelFile } from "./read-kernel-file.ts";

/** What a disk has done since the machine started. */
export interface DiskTraffic {
  readonly name: string;
  readonly readBytes: number;
  readonly writtenBytes: number;
  readonly reads: number;
  readonly writes: number;
  /** For how long anything was under way. */
  readonly busyMs: number;
}

/** The kernel counts in these, whatever the disk has. */
const sectorBytes = 512;

/** Reads the traffic of whole disks; partitions are parts of them, and disks that have done nothing are left out. */
export function readDiskTraffic(proc = "/proc", sys = "/sys"): readonly DiskTraffic[] {
  return (readKernelFile(`${proc}/diskstats`) ?? "").split("\n").flatMap((line) => {
    const [, , name = "", ...fields] = line.trim().split(/\s+/u);
    const [reads = 0, , sectorsRead = 0, , writes = 0, , sectorsWritten = 0, , , busyMs = 0] =
      fields.map(Number);
    if (name === "" || reads + writes === 0) return [];
    if (!existsSync(`${sys}/block/${name.replaceAll("/", "!")}`)) return [];
    return {
      name,
      readBytes: sectorsRead * sectorBytes,
      writtenBytes: sectorsWritten * sectorBytes,
      reads,
      writes,
      busyMs,
    };
  });
}
