import { constants, type Stats } from "node:fs";
import { open, readlink, statfs, type FileHandle } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import { whyForbidden } from "./forbidden-places.ts";
import { checkPath } from "./check-path.ts";
import { isKernelFileSystem } from "./kernel-file-system.ts";
import { atPlace, errorCode, failedPlace, refusedPlace } from "./place-failure.ts";
import { findRooted, type Root, type RootedPath } from "./root.ts";

const { O_DIRECTORY, O_NOFOLLOW, O_RDONLY } = constants;
/** Opens a name without touching what it names: a pipe does not wake its writer, a device does nothing. */
const O_PATH = 0o10000000;

/**
 * A place below a folder that is held open. Nothing that is renamed or linked meanwhile can make it another: the folder
 * was reached name by name, and no link was followed that leads out of the permitted folders.
 */
export interface Place extends AsyncDisposable {
  /** With all links resolved; for people, not for opening. */
  readonly path: string;
  readonly root: Root;
  /** Its name in its folder; empty for a permitted folder itself. */
  readonly name: string;
  /** What to give to the system: no link above it can redirect it. */
  readonly at: string;
  /** The same of something beside it. */
  beside(name: string): string;
  /** Makes what happened to names in its folder last. */
  syncFolder(): Promise<void>;
}

/** How a place is looked for. */
export interface PlaceOptions {
  readonly roots: readonly Root[];
  /** Whether a link that is the place itself is followed. */
  readonly isFollowed: boolean;
}

const mostLinks = 40;

/** Finds a place in the permitted folders. Whether there is anything is not said; the folder above it exists. */
export async function openPlace(text: string, options: PlaceOptions): Promise<Place> {
  checkPath(text);
  let path = text;
  for (let links = 0; links <= mostLinks; links += 1) {
    const rooted = findRooted(path, options.roots);
    if (rooted === undefined) throw outside(text, links > 0, options.roots);
    checkForbidden(text, rooted);
    const step = await atPlace(text, async () => await walk(text, rooted, options.isFollowed));
    if (typeof step !== "string") return step;
    path = step;
  }
  throw refusedPlace(text, "its links go round in circles");
}

function outside(text: string, isLink: boolean, roots: readonly Root[]): Error {
  const why = isLink ? "a link leads out of the permitted folders" : "it is in no permitted folder";
  const known = roots.map(({ named }) => named).join(", ");
  return refusedPlace(text, why, `Permitted are: ${known === "" ? "none" : known}.`);
}

/** Refuses what nobody may touch, wherever it is. */
export function checkForbidden(text: string, { root, names }: RootedPath): void {
  const why = whyForbidden(join(root.real, ...names));
  if (why !== undefined) throw refusedPlace(text, why);
}

/** The place, or the path that a link on the way makes of it. */
async function walk(
  text: string,
  { root, names }: RootedPath,
  isFollowed: boolean,
): Promise<Place | string> {
  await using opened = new AsyncDisposableStack();
  let folder = opened.use(await open(root.real, O_RDONLY | O_DIRECTORY | O_NOFOLLOW));
  for (const [index, name] of names.entries()) {
    const isLast = index === names.length - 1;
    const at = `/proc/self/fd/${folder.fd}/${name}`;
    const entry = await openName(at);
    if (entry === undefined) {
      if (isLast) break;
      throw failedPlace(text, `${join(root.real, ...names.slice(0, index + 1))} does not exist`);
    }
    opened.use(entry);
    const stats = await entry.stat();
    if (stats.isSymbolicLink() && (isFollowed || !isLast)) {
      const target = await readlink(at);
      const base = join(root.real, ...names.slice(0, index));
      return join(isAbsolute(target) ? target : join(base, target), ...names.slice(index + 1));
    }
    if (isLast) break;
    if (!stats.isDirectory()) throw failedPlace(text, "something on the way is no folder");
    folder = entry;
  }
  await checkFileSystem(text, folder);
  const owned = opened.move();
  const name = names.at(-1) ?? "";
  const base = `/proc/self/fd/${folder.fd}`;
  return {
    path: join(root.real, ...names),
    root,
    name,
    at: name === "" ? `${base}/.` : `${base}/${name}`,
    beside: (other) => `${base}/${other}`,
    syncFolder: async () => {
      await using handle = await open(`${base}/.`, O_RDONLY | O_DIRECTORY);
      await handle.sync();
    },
    [Symbol.asyncDispose]: async () => await owned.disposeAsync(),
  };
}

/** The kernel's file systems can be mounted anywhere. */
async function checkFileSystem(text: string, folder: FileHandle): Promise<void> {
  const { type } = await statfs(`/proc/self/fd/${folder.fd}/.`);
  if (isKernelFileSystem(type)) throw refusedPlace(text, "files of the kernel are not touched");
}

async function openName(at: string): Promise<FileHandle | undefined> {
  try {
    return await open(at, O_PATH | O_NOFOLLOW);
  } catch (error) {
    if (errorCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

/** What is at a place. Disposing lets it go. */
export interface Entry extends AsyncDisposable {
  readonly stats: Stats;
  /** Opened without touching what it names: to be opened again, or handed to another program. */
  readonly fd: number;
  /** Opens what was looked at, whatever has taken its name since. */
  open(flags: number): Promise<FileHandle>;
}

/** Looks at what is at a place, without following a link and without opening it; undefined where nothing is. */
export async function openEntry(place: Place): Promise<Entry | undefined> {
  await using opened = new AsyncDisposableStack();
  const handle = await openName(place.at);
  if (handle === undefined) return undefined;
  opened.use(handle);
  const stats = await handle.stat();
  const owned = opened.move();
  return {
    stats,
    fd: handle.fd,
    open: async (flags) => await open(`/proc/self/fd/${handle.fd}`, flags),
    [Symbol.asyncDispose]: async () => await owned.disposeAsync(),
  };
}
