import { lstat, readdir, readFile, readlink } from "node:fs/promises";
import { join } from "node:path";
import type { JsonObject } from "op-core";

/** Everything below a folder: kinds, modes, owners, contents, and when files were written. */
export async function readTree(root: string): Promise<JsonObject> {
  const entries = await readdir(root, { recursive: true });
  const described = await Promise.all(
    entries.toSorted().map(async (name) => [name, await describe(join(root, name))] as const),
  );
  return Object.fromEntries(described);
}

async function describe(path: string): Promise<JsonObject> {
  const stat = await lstat(path);
  const ids = { mode: stat.mode, uid: stat.uid, gid: stat.gid };
  if (stat.isSymbolicLink()) return { target: await readlink(path) };
  if (stat.isDirectory()) return ids;
  return { ...ids, mtime: Math.round(stat.mtimeMs), content: await readFile(path, "base64") };
}
