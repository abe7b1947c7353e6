import { statfs } from "node:fs/promises";
import { readFileSystems } from "./mounted-file-systems.ts";
import { usedPercent } from "./read-memory.ts";

/** How full a file system is. */
export type DiskUsage = {
  readonly mount: string;
  readonly device: string;
  readonly type: string;
  readonly isReadOnly: boolean;
  readonly totalBytes: number;
  /** What an ordinary user may still write. */
  readonly availableBytes: number;
  readonly usedPercent: number;
  /** How many of the files that it can have it has; 0 where it does not count them. */
  readonly inodesPercent: number;
};

/** Reads how full the file systems of the disks are, the fullest first. */
export async function readDiskUsage(): Promise<readonly DiskUsage[]> {
  const found = await Promise.all(
    readFileSystems().map(async (system): Promise<readonly DiskUsage[]> => {
      const stats = await statfs(system.mount).catch(() => undefined);
      if (stats === undefined || stats.blocks === 0) return [];
      const used = stats.blocks - stats.bfree;
      return [
        {
          ...system,
          totalBytes: stats.blocks * stats.bsize,
          availableBytes: stats.bavail * stats.bsize,
          // As df has it: of what ordinary users can have.
          usedPercent: usedPercent(used + stats.bavail, stats.bavail),
          inodesPercent: usedPercent(stats.files, stats.ffree),
        },
      ];
    }),
  );
  return found.flat().toSorted((left, right) => right.usedPercent - left.usedPercent);
}
