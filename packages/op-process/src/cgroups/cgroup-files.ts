import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Reads a file of a cgroup, or nothing where there is no such file or cgroup. */
export function readCgroupFile(path: string, name: string): string | undefined {
  try {
    return readFileSync(join(path, name), "utf8");
  } catch {
    return undefined;
  }
}

/** Writes a file of a cgroup; answers the kernel's reason when it refuses. */
export function writeCgroupFile(path: string, name: string, value: string): string | undefined {
  try {
    // Files of cgroups are there or not: they can't be created.
    writeFileSync(join(path, name), value, { flag: "r+" });
    return undefined;
  } catch (error) {
    return error instanceof Error && "code" in error ? String(error.code) : String(error);
  }
}

/** The number behind a key in a file of lines such as `populated 1`. */
export function readCgroupValue(path: string, name: string, key: string): number | undefined {
  const lines = readCgroupFile(path, name)?.split("\n") ?? [];
  const line = lines.find((candidate) => candidate.startsWith(`${key} `));
  return line === undefined ? undefined : Number(line.slice(key.length + 1));
}

/** The pids in a cgroup, without those of cgroups below it. */
export function readCgroupMembers(path: string): number[] {
  const lines = readCgroupFile(path, "cgroup.procs")?.split("\n") ?? [];
  return lines.filter((line) => line !== "").map(Number);
}
