import { mkdir, rename, writeFile as writeWhole, unlink } from "node:fs/promises";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { AgentOperation } from "../operation/agent-operation.ts";
import { objectSchema, string } from "../operation/output-schema.ts";
import { isWithin } from "../places/forbidden-places.ts";
import { atPlace, errorCode, failedPlace, refusedPlace } from "../places/place-failure.ts";
import { openEntry, openPlace, type Place } from "../places/place.ts";
import { openChangeable } from "./change-place.ts";
import type { FileSetting } from "./file-setting.ts";
import { pathField } from "./path-field.ts";

/** Puts something into the trash of its folder. */
export const deleteFile: AgentOperation<FileSetting> = {
  name: "delete_file",
  description:
    "Puts a file, a folder or a link into the trash of its permitted folder. The answer says where it is there: move_file brings it back.",
  risk: "destructive",
  isIdempotent: false,
  fields: [pathField],
  outputSchema: objectSchema({ path: string, trashed: string }),
  run: async (input, setting) => {
    const path = pathField.read(input);
    await using place = await openChangeable(path, setting, { isFollowed: false });
    await using entry = await atPlace(path, async () => await openEntry(place));
    if (entry === undefined) throw failedPlace(path, "it does not exist");
    const trash = join(place.root.real, trashName());
    if (isWithin(place.path, trash) || isWithin(trash, place.path)) {
      throw refusedPlace(path, "it is the trash, or in it", "Empty the trash by hand.");
    }
    const trashed = await atPlace(path, async () => await putIntoTrash(place, trash, setting));
    return { path: place.path, trashed };
  },
};

/** As the trash of a file system is called by the specification of freedesktop.org, which file managers follow. */
function trashName(): string {
  return `.Trash-${process.getuid?.() ?? 0}`;
}

async function putIntoTrash(place: Place, trash: string, setting: FileSetting): Promise<string> {
  for (const folder of [trash, join(trash, "files"), join(trash, "info")]) {
    await makeOwnFolder(folder, setting);
  }
  const options = { roots: setting.roots, isFollowed: false };
  const name = `${Array.from(place.name).slice(0, 60).join("")}.${randomBytes(4).toString("hex")}`;
  await using file = await openPlace(join(trash, "files", name), options);
  await using info = await openPlace(join(trash, "info", `${name}.trashinfo`), options);
  await writeWhole(info.at, describe(place), { flag: "wx", mode: 0o600 });
  try {
    await rename(place.at, file.at);
  } catch (error) {
    await unlink(info.at);
    throw error;
  }
  return file.path;
}

function describe({ path }: Place): string {
  const escaped = path.split("/").map(encodeURIComponent).join("/");
  const now = new Date().toISOString().slice(0, 19);
  return `[Trash Info]\nPath=${escaped}\nDeletionDate=${now}\n`;
}

async function makeOwnFolder(path: string, { roots }: FileSetting): Promise<void> {
  await using place = await openPlace(path, { roots, isFollowed: false });
  try {
    await mkdir(place.at, 0o700);
  } catch (error) {
    if (errorCode(error) !== "EEXIST") throw error;
  }
  await using entry = await openEntry(place);
  // Somebody else's trash, or a link, is no place for what is deleted.
  const isOwn = entry?.stats.isDirectory() === true && entry.stats.uid === process.getuid?.();
  if (!isOwn) throw refusedPlace(path, "it is no trash of the agent's user");
}
