import { readFile, readlink } from "node:fs/promises";

/**
 * The path of a Unix socket this process has as a descriptor: Node knows those alone that it made itself. Nothing for
 * sockets without a path, or with one that is in no directory.
 */
export async function findUnixSocketPath(
  fd: number,
  signal: AbortSignal,
): Promise<string | undefined> {
  const link = await readlink(`/proc/self/fd/${fd}`);
  const inode = /^socket:\[(?<inode>\d+)\]$/u.exec(link)?.groups?.["inode"];
  if (inode === undefined) return undefined;
  const table = await readFile("/proc/net/unix", { encoding: "utf8", signal });
  return pathInTable(table, inode);
}

/** Columns: address, references, protocol, flags, type, state, inode, and the path, in which there may be spaces. */
export function pathInTable(table: string, inode: string): string | undefined {
  for (const line of table.split("\n")) {
    const groups = /^\S+(?: +\S+){5} +(?<inode>\d+) (?<path>\/.*)$/u.exec(line)?.groups;
    if (groups?.["inode"] === inode) return groups["path"];
  }
  return undefined;
}
