import { constants } from "node:fs";
import { open, readlink } from "node:fs/promises";
import { z } from "zod";
import { StateChangeError } from "../../state-error.ts";
import { codeOf, openFolder, splitPath, type Folder } from "./open-folder.ts";

const Ids = { mode: z.number(), uid: z.number(), gid: z.number() };

/** Everything about a file that is brought back by a rollback, as JSON. */
export const FileSnapshot = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("absent") }),
  z.strictObject({
    type: z.literal("file"),
    ...Ids,
    mtimeMs: z.number(),
    contentBase64: z.string(),
  }),
  z.strictObject({ type: z.literal("directory"), ...Ids }),
  z.strictObject({ type: z.literal("symlink"), target: z.string() }),
  z.strictObject({ type: z.literal("other") }),
]);

/** Everything about a file that is brought back by a rollback. */
export type FileSnapshot = z.output<typeof FileSnapshot>;

/** Larger files are not managed: all of it is kept in checkpoints. */
const largestBytes = 16 * 2 ** 20;

const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;

/** Reads files one after the other; those of one folder cost one walk to it. */
export async function readSnapshots(
  root: string,
  paths: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, FileSnapshot>> {
  const snapshots = new Map<string, FileSnapshot>();
  const byFolder = Map.groupBy(paths, (path) => splitPath(path).folder.join("/"));
  for (const group of byFolder.values()) {
    const { folder: parts } = splitPath(group[0] ?? "/");
    await using folder = await openFolder(root, parts);
    for (const path of group) {
      signal.throwIfAborted();
      const { name } = splitPath(path);
      snapshots.set(
        path,
        folder === undefined ? { type: "absent" } : await readEntry(folder, name),
      );
    }
  }
  return snapshots;
}

/** Reads one entry of a folder. */
export async function readEntry(folder: Folder, name: string): Promise<FileSnapshot> {
  try {
    await using handle = await open(folder.at(name), O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    const stat = await handle.stat();
    const ids = { mode: stat.mode & 0o7777, uid: stat.uid, gid: stat.gid };
    if (stat.isDirectory()) return { type: "directory", ...ids };
    if (!stat.isFile()) return { type: "other" };
    if (stat.size > largestBytes) {
      throw new StateChangeError(`files:${name}`, `it is larger than ${largestBytes} bytes.`);
    }
    const content = await handle.readFile();
    const contentBase64 = content.toString("base64");
    return { type: "file", ...ids, mtimeMs: stat.mtimeMs, contentBase64 };
  } catch (error) {
    return readUnopened(folder, name, error);
  }
}

/** Links cannot be opened, nor sockets; nor what is not there. */
async function readUnopened(folder: Folder, name: string, error: unknown): Promise<FileSnapshot> {
  const code = codeOf(error);
  if (code === "ENOENT") return { type: "absent" };
  if (code === "ENXIO" || code === "ENODEV") return { type: "other" };
  if (code !== "ELOOP") throw error;
  return { type: "symlink", target: await readlink(folder.at(name)) };
}
