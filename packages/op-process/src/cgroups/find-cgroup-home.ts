import { join } from "node:path";

/**
 * The folder of the cgroup that a process is in, in the hierarchy of version 2, or nothing where that is not mounted.
 * Takes the texts of `/proc/self/mountinfo` and `/proc/self/cgroup`.
 */
export function findCgroupHome(mounts: string, membership: string): string | undefined {
  const mountPoint = mounts
    .split("\n")
    .filter((line) => / - cgroup2 /u.test(line))
    .map((line) => ({ root: line.split(" ")[3] ?? "/", at: line.split(" ")[4] ?? "" }))
    .find(({ root }) => root === "/");
  const path = /^0::(\/.*)$/mu.exec(membership)?.[1];
  if (mountPoint === undefined || path === undefined) return undefined;
  // Behind the root of a cgroup namespace nothing can be named.
  return path.startsWith("/..") ? undefined : join(mountPoint.at, path);
}
