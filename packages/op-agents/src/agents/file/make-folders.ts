import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { checkNewName, checkPath } from "../places/check-path.ts";
import { whyUnchangeable } from "../places/forbidden-places.ts";
import { atPlace, refusedPlace } from "../places/place-failure.ts";
import { checkForbidden, openEntry, openPlace } from "../places/place.ts";
import { findRooted } from "../places/root.ts";
import { openChangeable } from "./change-place.ts";
import type { FileSetting } from "./file-setting.ts";

/** Makes the folders above a place that are missing. */
export async function makeFoldersAbove(path: string, setting: FileSetting): Promise<void> {
  checkPath(path);
  const rooted = findRooted(path, setting.roots);
  // Who looks for the place then says what is wrong with it.
  if (rooted === undefined) return;
  const { root, names } = rooted;
  checkForbidden(path, rooted);
  const why = whyUnchangeable(join(root.real, ...names));
  if (why !== undefined) throw refusedPlace(path, why);
  for (const name of names.slice(-1)) checkNewName(path, name);
  for (let count = 1; count < names.length; count += 1) {
    await makeFolder(join(root.real, ...names.slice(0, count)), setting);
  }
}

async function makeFolder(path: string, setting: FileSetting): Promise<void> {
  await using found = await openPlace(path, { roots: setting.roots, isFollowed: true });
  await using entry = await atPlace(path, async () => await openEntry(found));
  if (entry !== undefined) return;
  await using place = await openChangeable(path, setting, { isFollowed: true });
  checkNewName(path, place.name);
  await atPlace(path, async () => await mkdir(place.at, 0o755));
}
