import { link, lstat, mkdir, rename, rmdir, unlink } from "node:fs/promises";
import { errorCode } from "./place-failure.ts";

/**
 * Gives something another name, and fails with EEXIST where that name is taken, by anybody and at any moment: renaming
 * alone would replace what is there.
 */
export async function renameNew(from: string, to: string, isFolder: boolean): Promise<void> {
  if (isFolder) await renameFolder(from, to);
  else await renameFile(from, to);
}

async function renameFile(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    if (errorCode(error) !== "EPERM") throw error;
    await renameUnlinkable(from, to, error);
    return;
  }
  try {
    await unlink(from);
  } catch (error) {
    await unlink(to);
    throw error;
  }
}

/** Some file systems know one name for a file only, and nobody gets a second one for a file of somebody else. */
async function renameUnlinkable(from: string, to: string, refusal: unknown): Promise<void> {
  const stats = await lstat(to).catch(() => undefined);
  if (stats !== undefined) throw refusal;
  await rename(from, to);
}

/** An empty folder is replaced by renaming, and only while it is empty. */
async function renameFolder(from: string, to: string): Promise<void> {
  await mkdir(to, 0o700);
  try {
    await rename(from, to);
  } catch (error) {
    await rmdir(to).catch(() => undefined);
    throw error;
  }
}

/** Whether the two names are on different file systems, or in different permitted folders. */
export function isElsewhere(error: unknown): boolean {
  return errorCode(error) === "EXDEV";
}
