import { constants } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { openEntry, openPlace } from "../../places/place.ts";
import { isWithin } from "../../places/forbidden-places.ts";
import type { Root } from "../../places/root.ts";
import { refusal } from "../refusal.ts";

/** Where a repository is. */
export interface Repository {
  /** The folder of the files. */
  readonly tree: string;
  /** What this working folder has of its own: HEAD and the index. */
  readonly gitFolder: string;
  /** What all working folders share: objects, branches, configuration. */
  readonly commonFolder: string;
  readonly isWritable: boolean;
}

/** Finds the repository of a folder, looking upwards as far as the permitted folder. All of it is in permitted folders. */
export async function findRepository(cwd: string, roots: readonly Root[]): Promise<Repository> {
  const root = roots.find(({ real }) => isWithin(cwd, real));
  for (const tree of root === undefined ? [] : foldersUpTo(cwd, root.real)) {
    const gitFolder = await findGitFolder(join(tree, ".git"), roots);
    if (gitFolder === undefined) continue;
    const shared = (await readPointer(join(gitFolder, "commondir"), roots))?.trim();
    const commonFolder = shared === undefined ? gitFolder : resolve(gitFolder, shared);
    await checkFolder(commonFolder, roots);
    await checkAlternates(commonFolder, roots);
    const isWritable = [tree, gitFolder, commonFolder].every((folder) => isIn(folder, roots));
    return { tree, gitFolder, commonFolder, isWritable };
  }
  throw refusal(cwd, "it is in no git repository");
}

/** A folder and those above it, as far as one of them. */
function foldersUpTo(folder: string, last: string): readonly string[] {
  if (folder === last || folder === dirname(folder)) return [folder];
  return [folder, ...foldersUpTo(dirname(folder), last)];
}

function isIn(folder: string, roots: readonly Root[]): boolean {
  return roots.find(({ real }) => isWithin(folder, real))?.isWritable === true;
}

/** A folder, or a file that says where it is, as in a further working folder. */
async function findGitFolder(path: string, roots: readonly Root[]): Promise<string | undefined> {
  await using place = await openPlace(path, { roots, isFollowed: true });
  await using entry = await openEntry(place);
  if (entry === undefined) return undefined;
  if (entry.stats.isDirectory()) return place.path;
  const text = (await readPointer(path, roots)) ?? "";
  const target = /^gitdir: (.+)$/mu.exec(text)?.[1]?.trim();
  if (target === undefined) throw refusal(path, "it does not say where the repository is");
  const folder = resolve(dirname(path), target);
  await checkFolder(folder, roots);
  return folder;
}

async function checkFolder(path: string, roots: readonly Root[]): Promise<void> {
  await using place = await openPlace(path, { roots, isFollowed: true });
  await using entry = await openEntry(place);
  if (entry?.stats.isDirectory() !== true) throw refusal(path, "there is no repository");
}

/** Objects can be borrowed from anywhere. */
async function checkAlternates(folder: string, roots: readonly Root[]): Promise<void> {
  const info = join(folder, "objects", "info");
  await using place = await openPlace(info, { roots, isFollowed: true });
  await using entry = await openEntry(place);
  if (entry === undefined) return;
  const text = (await readPointer(join(info, "alternates"), roots)) ?? "";
  for (const line of text.split("\n").filter((each) => each !== "")) {
    await checkFolder(resolve(folder, "objects", line), roots);
  }
}

const mostBytes = 1_048_576;

/** A small file; undefined where there is none. */
export async function readPointer(
  path: string,
  roots: readonly Root[],
): Promise<string | undefined> {
  await using place = await openPlace(path, { roots, isFollowed: true });
  await using entry = await openEntry(place);
  if (entry === undefined) return undefined;
  if (!entry.stats.isFile() || entry.stats.size > mostBytes) {
    throw refusal(path, "it is no small file, as git has there");
  }
  await using handle = await entry.open(constants.O_RDONLY);
  return await handle.readFile("utf8");
}
