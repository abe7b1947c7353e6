import { hash } from "node:crypto";
import { constants } from "node:fs";
import { chmod, lchown, mkdir, open, rename, rmdir, symlink, unlink } from "node:fs/promises";
import type { FileSnapshot } from "./file-snapshot.ts";
import { codeOf, type Folder } from "./open-folder.ts";

const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;

/** What is put in the place of an entry. */
export type Placement =
  | {
      readonly type: "file";
      readonly content: Buffer;
      readonly mode: number;
      readonly uid: number;
      readonly gid: number;
      readonly mtimeMs?: number;
    }
  | Extract<FileSnapshot, { readonly type: "directory" | "symlink" | "absent" }>;

/**
 * Puts something in the place of an entry, so that whoever looks sees what was there before or all of the new. Whatever an
 * interrupted attempt left beside it goes away. `inspect` sees a new file before it takes its place, and may reject.
 */
export async function place(
  folder: Folder,
  name: string,
  placement: Placement,
  inspect: (temporary: string) => Promise<void> = async () => undefined,
): Promise<void> {
  const temporary = temporaryName(name);
  await clearLeftover(folder, name);
  if (placement.type === "absent") await removeEntry(folder, name);
  if (placement.type === "directory") await placeDirectory(folder, name, placement);
  if (placement.type === "file" || placement.type === "symlink") {
    try {
      if (placement.type === "file") await writeNew(folder.at(temporary), placement);
      else await symlink(placement.target, folder.at(temporary));
      await inspect(temporary);
      await rename(folder.at(temporary), folder.at(name));
    } catch (error) {
      await clearLeftover(folder, name);
      throw error;
    }
  }
  await folder.handle.sync();
}

/** Removes what an interrupted attempt left beside an entry. */
export async function clearLeftover(folder: Folder, name: string): Promise<void> {
  await ignoring(["ENOENT"], unlink(folder.at(temporaryName(name))));
}

/** The same for every attempt at an entry, so that the next one finds what the last one left. */
function temporaryName(name: string): string {
  return `.op-state-${hash("sha256", name).slice(0, 16)}`;
}

async function writeNew(
  path: string,
  placement: Extract<Placement, { readonly type: "file" }>,
): Promise<void> {
  await using handle = await open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
  await handle.writeFile(placement.content);
  // Changing the owner clears the bits that change identities, so the mode comes second.
  await handle.chown(placement.uid, placement.gid);
  await handle.chmod(placement.mode);
  if (placement.mtimeMs !== undefined) {
    await handle.utimes(placement.mtimeMs / 1000, placement.mtimeMs / 1000);
  }
  await handle.sync();
}

async function placeDirectory(
  folder: Folder,
  name: string,
  { mode, uid, gid }: Extract<Placement, { readonly type: "directory" }>,
): Promise<void> {
  await ignoring(["EEXIST"], mkdir(folder.at(name), 0o700));
  await lchown(folder.at(name), uid, gid);
  await chmod(folder.at(name), mode);
}

async function removeEntry(folder: Folder, name: string): Promise<void> {
  try {
    await unlink(folder.at(name));
  } catch (error) {
    if (codeOf(error) === "ENOENT") return;
    if (codeOf(error) !== "EISDIR" && codeOf(error) !== "EPERM") throw error;
    await rmdir(folder.at(name));
  }
}

async function ignoring(codes: readonly string[], work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!codes.includes(codeOf(error) ?? "")) throw error;
  }
}
