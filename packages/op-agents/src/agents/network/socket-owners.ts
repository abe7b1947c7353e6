import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { cleanText } from "../text/clean-text.ts";

/** Who has a socket, as far as its control group tells. */
export interface SocketOwner {
  /** The unit, such as `nginx.service`. */
  readonly unit: string | null;
  /** Its processes; one of them has the socket. */
  readonly processes: readonly { readonly pid: number; readonly name: string }[];
}

/** Where control groups of version 2 are mounted, on hosts with that alone and on hosts with both. */
const mounts = ["/sys/fs/cgroup/unified", "/sys/fs/cgroup"];
const mostGroups = 20_000;
const mostProcesses = 10;
const unitName = /^[^/]+\.(?:service|scope|socket|slice|mount|swap)$/u;

/**
 * Finds the owners of sockets by the control groups these were made in. Which process has a socket open, only root is told;
 * in which group it was made, everybody.
 */
export async function findSocketOwners(
  groups: readonly string[],
): Promise<ReadonlyMap<string, SocketOwner>> {
  if (groups.length === 0) return new Map();
  const paths = await findPaths(groups);
  const processes = await readProcessGroups();
  const owners = [...paths].map(([group, path]) => {
    const unit = path.split("/").findLast((part) => unitName.test(part)) ?? null;
    const own = processes.filter((each) => isSameGroup(each.group, path));
    const shown = own.slice(0, mostProcesses).map(({ pid, name }) => ({ pid, name }));
    return [group, { unit: unit === null ? null : cleanText(unit), processes: shown }] as const;
  });
  return new Map(owners);
}

/** `ss` tells a group's path, or where it may not look that up, its number, which is that of its folder. */
async function findPaths(groups: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const paths = new Map(groups.filter((each) => each.startsWith("/")).map((each) => [each, each]));
  const wanted = new Map(
    groups.flatMap((each) => {
      const number = /^unreachable:([0-9a-f]+)$/u.exec(each)?.[1];
      return number === undefined ? [] : [[BigInt(`0x${number}`), each] as const];
    }),
  );
  for (const mount of wanted.size === 0 ? [] : mounts) await walkGroups(mount, wanted, paths);
  return paths;
}

async function walkGroups(
  mount: string,
  wanted: Map<bigint, string>,
  paths: Map<string, string>,
): Promise<void> {
  const folders = [""];
  for (let seen = 0; folders.length > 0 && wanted.size > 0 && seen < mostGroups; seen += 1) {
    const folder = folders.pop() ?? "";
    const found = await stat(join(mount, folder), { bigint: true }).catch(() => undefined);
    const group = found === undefined ? undefined : wanted.get(found.ino);
    if (found !== undefined && group !== undefined) {
      paths.set(group, folder === "" ? "/" : folder);
      wanted.delete(found.ino);
    }
    const entries = await readdir(join(mount, folder), { withFileTypes: true }).catch(() => []);
    folders.push(
      ...entries.filter((entry) => entry.isDirectory()).map(({ name }) => `${folder}/${name}`),
    );
  }
}

interface ProcessGroup {
  readonly pid: number;
  readonly name: string;
  readonly group: string;
}

async function readProcessGroups(): Promise<readonly ProcessGroup[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/u.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const [groups, name] = await Promise.all([
        readFile(`/proc/${pid}/cgroup`, "utf8").catch(() => ""),
        readFile(`/proc/${pid}/comm`, "utf8").catch(() => ""),
      ]);
      const group = /^0::(.*)$/mu.exec(groups)?.[1];
      return group === undefined ? [] : [{ pid: Number(pid), name: cleanText(name.trim()), group }];
    }),
  );
  return found.flat();
}

/** One path may begin higher up than the other: a namespace shows its part of the tree. */
function isSameGroup(one: string, other: string): boolean {
  const left = one.replace(/^(?:\/\.\.)+/u, "");
  if (left === "" || left === "/" || other === "/") return left === other;
  return left.endsWith(other) || other.endsWith(left);
}
