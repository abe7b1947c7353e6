import { statfs } from "node:fs/promises";
import { lstatIfThere } from "../files/lstat-if-there.ts";

const btrfsMagic = 0x9123683e;
const firstInode = 256;

/** Whether there is a subvolume at a path. */
export async function isSubvolume(path: string): Promise<boolean> {
  const found = await lstatIfThere(path);
  return found?.isDirectory() === true && found.ino === firstInode && (await isBtrfs(path));
}

/** Whether a path is on a file system that has subvolumes. */
export async function isBtrfs(path: string): Promise<boolean> {
  return (await statfs(path)).type === btrfsMagic;
}
