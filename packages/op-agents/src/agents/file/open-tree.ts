import { constants, type Stats } from "node:fs";
import { lstat, open, opendir, statfs, type FileHandle } from "node:fs/promises";
import { isKernelFileSystem } from "../places/kernel-file-system.ts";
import { isSecret } from "../places/forbidden-places.ts";
import { atPlace, failedPlace } from "../places/place-failure.ts";
import { openEntry, openPlace } from "../places/place.ts";
import type { FileSetting } from "./file-setting.ts";

const { O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = constants;

/** Something in a folder, or in one below it. */
export interface TreeEntry {
  /** From the folder that was asked about. */
  readonly path: string;
  readonly name: string;
  readonly stats: Stats;
  /** What to give to the system, until the next entry is asked for. */
  readonly at: string;
}

/** What of a tree is looked at. */
export interface TreeOptions {
  /** 1 for what is in the folder itself. */
  readonly depth: number;
  readonly signal: AbortSignal;
  /** Before the entries of a folder, with its path from the one that was asked about. */
  readonly onFolder?: (path: string, at: string) => Promise<void>;
  /** Whether something is told, and looked into where it is a folder. */
  readonly isWanted: (path: string, name: string, isFolder: boolean) => boolean;
}

/** A folder that is held open. */
export interface Tree extends AsyncDisposable {
  readonly path: string;
  /** What to give to the system. */
  readonly at: string;
  /** Everything in it, folders before what is in them, by name. Links are told and not followed. */
  entries(options: TreeOptions): AsyncGenerator<TreeEntry>;
}

/** Opens a folder to look through it. */
export async function openTree(path: string, { roots }: FileSetting): Promise<Tree> {
  await using opened = new AsyncDisposableStack();
  const place = opened.use(await openPlace(path, { roots, isFollowed: true }));
  const entry = await atPlace(path, async () => await openEntry(place));
  if (entry === undefined) throw failedPlace(path, "it does not exist");
  opened.use(entry);
  if (!entry.stats.isDirectory()) throw failedPlace(path, "it is no folder", "Use read_file.");
  const handle = opened.use(
    await atPlace(path, async () => await entry.open(O_RDONLY | O_DIRECTORY)),
  );
  const owned = opened.move();
  return {
    path: place.path,
    at: `/proc/self/fd/${handle.fd}`,
    entries: (options) => readEntries(handle, "", options),
    [Symbol.asyncDispose]: async () => await owned.disposeAsync(),
  };
}

async function* readEntries(
  handle: FileHandle,
  base: string,
  options: TreeOptions,
): AsyncGenerator<TreeEntry> {
  const at = `/proc/self/fd/${handle.fd}`;
  // The kernel's file systems can be mounted anywhere.
  if (isKernelFileSystem((await statfs(`${at}/.`)).type)) return;
  await options.onFolder?.(base, at);
  for (const name of await readNames(at)) {
    options.signal.throwIfAborted();
    const path = base === "" ? name : `${base}/${name}`;
    const stats = await lstat(`${at}/${name}`).catch(() => undefined);
    if (stats === undefined || !options.isWanted(path, name, stats.isDirectory())) continue;
    yield { path, name, stats, at: `${at}/${name}` };
    const depth = path.split("/").length;
    if (!stats.isDirectory() || depth >= options.depth || isSecret(name)) continue;
    const below = await openFolder(`${at}/${name}`);
    if (below === undefined) continue;
    try {
      yield* readEntries(below, path, options);
    } finally {
      await below.close();
    }
  }
}

/** How many names of one folder are looked at. */
const mostNames = 100_000;

async function readNames(at: string): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const { name } of await opendir(`${at}/.`)) {
    names.push(name);
    if (names.length >= mostNames) break;
  }
  return names.toSorted();
}

/** Undefined for a folder that has gone, was replaced, or can't be read. */
async function openFolder(at: string): Promise<FileHandle | undefined> {
  return await open(at, O_RDONLY | O_DIRECTORY | O_NOFOLLOW).catch(() => undefined);
}

/** Opens a regular file of a tree for reading; undefined for one that has gone, was replaced, or can't be read. */
export async function openTreeFile(at: string): Promise<FileHandle | undefined> {
  // What was a file may be a pipe by now: opening it must not wait.
  const flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK;
  const handle = await open(at, flags).catch(() => undefined);
  if (handle === undefined) return undefined;
  const stats = await handle.stat();
  if (stats.isFile()) return handle;
  await handle.close();
  return undefined;
}
