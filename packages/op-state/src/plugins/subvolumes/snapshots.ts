import { randomUUID } from "node:crypto";
import { mkdir, readdir, rename } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { z } from "zod";
import { resourceId } from "../../plugin/resource-id.ts";
import { StateChangeError } from "../../state-error.ts";
import { runBtrfs, setReadOnly, showSubvolume, subvolumesIn } from "./btrfs.ts";
import { isSubvolume } from "./is-subvolume.ts";

/** A subvolume as it was: where its snapshot is; null when there was none. */
export const SavedSubvolume = z
  .strictObject({ snapshot: z.string(), isReadOnly: z.boolean() })
  .nullable();

/** A subvolume as it was. */
export type SavedSubvolume = z.output<typeof SavedSubvolume>;

/** A subvolume, and where it is. */
export interface PlacedSubvolume {
  readonly root: string;
  readonly key: string;
  readonly signal: AbortSignal;
}

/** Beside the subvolume, so that it is on the same file system. */
const folderName = ".op-state-snapshots";

function folderOf({ root, key }: PlacedSubvolume): string {
  return join(root, dirname(key), folderName);
}

/** Makes a snapshot that cannot be written to, and takes the oldest away beyond those that are kept. */
export async function saveSubvolume(
  subvolume: PlacedSubvolume,
  keep: number,
): Promise<SavedSubvolume> {
  const { root, key, signal } = subvolume;
  const [path, resource] = [join(root, key), resourceId("subvolumes", key)];
  if (!(await isSubvolume(path))) return null;
  const inside = await subvolumesIn(resource, path, signal);
  if (inside.length > 0) {
    const reason = `snapshots leave out the subvolumes in it: ${inside.slice(0, 5).join(", ")}.`;
    throw new StateChangeError(resource, reason, { advice: "Declare those instead of this one." });
  }
  const { isReadOnly } = await showSubvolume(resource, path, signal);
  const folder = folderOf(subvolume);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  // Names in the order of time, and never twice.
  const time = new Date().toISOString().replaceAll(/[-:.]/gu, "");
  const name = `${basename(key)}@${time}-${randomUUID().slice(0, 8)}`;
  await runBtrfs(resource, ["subvolume", "snapshot", "-r", path, join(folder, name)], signal);
  await prune(subvolume, keep);
  return { snapshot: join(dirname(key), folderName, name), isReadOnly };
}

async function prune(subvolume: PlacedSubvolume, keep: number): Promise<void> {
  const folder = folderOf(subvolume);
  const prefix = `${basename(subvolume.key)}@`;
  const all = (await readdir(folder)).filter((name) => name.startsWith(prefix)).toSorted();
  for (const name of all.slice(0, Math.max(0, all.length - keep))) {
    await remove(subvolume, join(folder, name));
  }
}

/** Puts a writable copy of the snapshot in the place of the subvolume, or takes it away when there was none. */
export async function restoreSubvolume(
  subvolume: PlacedSubvolume,
  saved: SavedSubvolume,
): Promise<void> {
  const { root, key } = subvolume;
  const path = join(root, key);
  if (saved === null) {
    if (await isSubvolume(path)) await remove(subvolume, path);
    return;
  }
  if (await isUnchanged(subvolume, saved)) return;
  const folder = folderOf(subvolume);
  const [fresh, replaced] = ["fresh", "replaced"].map((state) =>
    join(folder, `${basename(key)}.${state}`),
  );
  if (fresh === undefined || replaced === undefined) return;
  await removeIfThere(subvolume, fresh);
  const resource = resourceId("subvolumes", key);
  const snapshot = join(root, saved.snapshot);
  if (!(await isSubvolume(snapshot))) {
    const advice = "Keep more snapshots, or go back to a later checkpoint.";
    throw new StateChangeError(resource, `its snapshot ${saved.snapshot} was removed.`, { advice });
  }
  await runBtrfs(resource, ["subvolume", "snapshot", snapshot, fresh]);
  if (await isSubvolume(path)) {
    await removeIfThere(subvolume, replaced);
    // What cannot be written to cannot be moved.
    await setReadOnly(resource, path, false);
    await rename(path, replaced);
  }
  await rename(fresh, path);
  if (saved.isReadOnly) await setReadOnly(resource, path, true);
  await removeIfThere(subvolume, replaced);
}

/** Whether nothing was written since the snapshot was made, or since it was brought back. */
async function isUnchanged(
  { root, key, signal }: PlacedSubvolume,
  { snapshot, isReadOnly }: NonNullable<SavedSubvolume>,
): Promise<boolean> {
  const [path, resource] = [join(root, key), resourceId("subvolumes", key)];
  if (!(await isSubvolume(path)) || !(await isSubvolume(join(root, snapshot)))) return false;
  const now = await showSubvolume(resource, path, signal);
  const then = await showSubvolume(resource, join(root, snapshot), signal);
  if (now.isReadOnly !== isReadOnly) return false;
  if (now.uuid === then.parentUuid) return now.generation <= then.generationAtCreation;
  return now.parentUuid === then.uuid && now.generation <= now.generationAtCreation;
}

async function removeIfThere(subvolume: PlacedSubvolume, path: string): Promise<void> {
  if (await isSubvolume(path)) await remove(subvolume, path);
}

/** Takes a subvolume away, with everything in it. */
async function remove({ key }: PlacedSubvolume, path: string): Promise<void> {
  const resource = resourceId("subvolumes", key);
  await runBtrfs(resource, ["subvolume", "delete", path]);
}
