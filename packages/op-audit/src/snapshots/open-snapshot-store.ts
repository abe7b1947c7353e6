import { stat, statfs } from "node:fs/promises";
import { dirname } from "node:path";
import { formatError } from "op-core";
import type { NoSnapshots, SnapshotStore } from "./snapshot-store.ts";

const btrfsMagic = 0x91_23_68_3e;

/** The root of every btrfs subvolume has this number. */
const subvolumeInode = 256;

/**
 * Opens the snapshots of a log's directory, or says why there are none. Where the file system is btrfs and there is no
 * such directory yet, it is made so that there can be.
 */
export async function openSnapshotStore(directory: string): Promise<SnapshotStore | NoSnapshots> {
  try {
    return await open(directory);
  } catch (error) {
    return { kind: "none", reason: formatError(error) };
  }
}

async function open(directory: string): Promise<SnapshotStore | NoSnapshots> {
  const found = await stat(directory).catch(undefinedIfMissing);
  const { type } = await statfs(found === undefined ? await existingParent(directory) : directory);
  if (type !== btrfsMagic) return { kind: "none", reason: "The file system is not btrfs." };
  // Loaded only here: nobody else starts processes.
  const { createSubvolume, openBtrfsStore } = await import("./btrfs.ts");
  if (found === undefined) await createSubvolume(directory);
  if ((await stat(directory)).ino !== subvolumeInode) {
    const reason = "The directory is not a btrfs subvolume, as one that op-audit makes itself is.";
    return { kind: "none", reason };
  }
  return await openBtrfsStore(directory);
}

async function existingParent(path: string): Promise<string> {
  const parent = dirname(path);
  const found = await stat(parent).catch(undefinedIfMissing);
  return found === undefined && parent !== path ? await existingParent(parent) : parent;
}

function undefinedIfMissing(error: unknown): undefined {
  if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
  throw error;
}
