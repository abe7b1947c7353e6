import { lstat } from "node:fs/promises";
import { join } from "node:path";
import { codeOf, splitPath } from "./open-folder.ts";

/** Finds the paths that not everybody on the machine gets to, because of a folder above. */
export async function findPrivate(
  root: string,
  paths: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const known = new Map<string, Promise<boolean>>();
  const isPrivate = (folder: readonly string[]): Promise<boolean> => {
    const path = folder.join("/");
    const found = known.get(path) ?? isClosedFrom(root, folder, isPrivate);
    known.set(path, found);
    return found;
  };
  const found = new Set<string>();
  for (const path of paths) {
    signal.throwIfAborted();
    if (await isPrivate(splitPath(path).folder)) found.add(path);
  }
  return found;
}

async function isClosedFrom(
  root: string,
  folder: readonly string[],
  isPrivate: (above: readonly string[]) => Promise<boolean>,
): Promise<boolean> {
  if (folder.length === 0) return false;
  if (await isPrivate(folder.slice(0, -1))) return true;
  try {
    const { mode } = await lstat(join(root, ...folder));
    return (mode & 0o001) === 0;
  } catch (error) {
    if (codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR") return false;
    throw error;
  }
}
