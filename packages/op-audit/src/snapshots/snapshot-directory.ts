import { readdir } from "node:fs/promises";
import { join } from "node:path";

const namePattern = /^audit-\d{16}$/;

/** Where the snapshots of a log lie: inside of it, where one does not have the other in it. */
export function snapshotDirectory(directory: string): string {
  return join(directory, "snapshots");
}

/** What the snapshot is called that was taken when the segment with this first entry was the last one closed. */
export function snapshotName(first: number): string {
  return `audit-${String(first).padStart(16, "0")}`;
}

/** The names of a log's snapshots, oldest first. */
export async function listSnapshotNames(directory: string): Promise<string[]> {
  try {
    const names = await readdir(snapshotDirectory(directory));
    return names.filter((name) => namePattern.test(name)).toSorted();
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
}

/** Finds the snapshots of a log, oldest first: directories that {@link verifyLog} takes, and copies to go back to. */
export async function listSnapshots(directory: string): Promise<readonly string[]> {
  const names = await listSnapshotNames(directory);
  return names.map((name) => join(snapshotDirectory(directory), name));
}
