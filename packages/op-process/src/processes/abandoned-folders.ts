import { lstat, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isAlive, readProcess } from "./process-table.ts";

/**
 * Removes folders of temporary files whose owner died before it could: those named `<prefix><pid>-…` whose process is gone.
 * The prefix is of letters, digits and `-`.
 */
export async function removeAbandonedFolders(prefix: string): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = new RegExp(`^${prefix}(\\d+)-`, "u").exec(name)?.[1];
    const owner = pid === undefined ? undefined : readProcess(Number(pid));
    if (pid === undefined || (owner !== undefined && isAlive(owner))) continue;
    const path = join(tmpdir(), name);
    // What belongs to others stays: only they could put something else in its place meanwhile.
    if (await isOwnFolder(path)) await rm(path, { recursive: true, force: true });
  }
}

async function isOwnFolder(path: string): Promise<boolean> {
  const stats = await lstat(path).catch(() => undefined);
  return stats?.isDirectory() === true && stats.uid === process.getuid?.();
}
