import { constants } from "node:fs";
import { copyFile, rename, unlink } from "node:fs/promises";
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import type { AgentOperation } from "../operation/agent-operation.ts";
import { flagField, textField } from "../operation/field.ts";
import { objectSchema, string } from "../operation/output-schema.ts";
import { checkNewName } from "../places/check-path.ts";
import { isWithin } from "../places/forbidden-places.ts";
import { atPlace, failedPlace, refusedPlace } from "../places/place-failure.ts";
import { openEntry, type Entry, type Place } from "../places/place.ts";
import { isElsewhere, renameNew } from "../places/rename-place.ts";
import { openChangeable } from "./change-place.ts";
import type { FileSetting } from "./file-setting.ts";
import { pathField } from "./path-field.ts";

const to = textField(
  "to",
  "The new absolute path; of a folder that is there: the place inside of it.",
);
const overwrite = flagField("overwrite", "Whether a file that is there is replaced.");

/** Moves or renames a file, a folder or a link. */
export const moveFile: AgentOperation<FileSetting> = {
  name: "move_file",
  description:
    "Moves or renames a file, a folder or a link inside the writable folders. Nothing is replaced unless overwrite is set.",
  risk: "write",
  isIdempotent: false,
  fields: [pathField, to, overwrite],
  outputSchema: objectSchema({ path: string, from: string }),
  run: async (input, setting) => {
    const path = pathField.read(input);
    await using from = await openChangeable(path, setting, { isFollowed: false });
    await using entry = await atPlace(path, async () => await openEntry(from));
    if (entry === undefined) throw failedPlace(path, "it does not exist");
    await using target = await openTarget(to.read(input), from.name, setting);
    if (isWithin(target.path, from.path)) {
      throw refusedPlace(target.path, "it is in what is moved, or the same");
    }
    await move({ from, target, entry }, overwrite.read(input));
    return { path: target.path, from: from.path };
  },
};

/** The place itself, or where a folder is there, the one of the same name inside of it. */
async function openTarget(path: string, name: string, setting: FileSetting): Promise<Place> {
  await using opened = new AsyncDisposableStack();
  const inside = join(path, name);
  const place = opened.use(await openFolderOrPlace(path, inside, setting));
  checkNewName(path, place.name);
  opened.move();
  return place;
}

async function openFolderOrPlace(
  path: string,
  inside: string,
  setting: FileSetting,
): Promise<Place> {
  const isRoot = setting.roots.some(({ named, real }) => named === path || real === path);
  if (isRoot) return await openChangeable(inside, setting, { isFollowed: false });
  await using opened = new AsyncDisposableStack();
  const place = opened.use(await openChangeable(path, setting, { isFollowed: false }));
  await using there = await atPlace(path, async () => await openEntry(place));
  if (there?.stats.isDirectory() === true) {
    return await openChangeable(inside, setting, { isFollowed: false });
  }
  opened.move();
  return place;
}

interface Moving {
  readonly from: Place;
  readonly target: Place;
  readonly entry: Entry;
}

async function move({ from, target, entry }: Moving, isOverwritten: boolean): Promise<void> {
  const isFolder = entry.stats.isDirectory();
  await atPlace(target.path, async () => {
    try {
      if (isOverwritten && !isFolder) await rename(from.at, target.at);
      else await renameNew(from.at, target.at, isFolder);
    } catch (error) {
      if (!isElsewhere(error)) throw error;
      await moveElsewhere({ from, target, entry }, isOverwritten);
    }
    await Promise.all([from.syncFolder(), target.syncFolder()]);
  });
}

/** Between two file systems a file is copied, and then given its name at one moment. */
async function moveElsewhere(
  { from, target, entry }: Moving,
  isOverwritten: boolean,
): Promise<void> {
  if (!entry.stats.isFile()) {
    throw failedPlace(target.path, "it is on another file system, and only files are moved there");
  }
  const draft = target.beside(`.${randomUUID()}.draft`);
  try {
    await copyFile(from.at, draft, constants.COPYFILE_EXCL);
    if (isOverwritten) await rename(draft, target.at);
    else await renameNew(draft, target.at, false);
  } catch (error) {
    await unlink(draft).catch(() => undefined);
    throw error;
  }
  await unlink(from.at);
}
