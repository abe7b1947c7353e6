import { expect, test } from "vitest";
import { findCgroupHome } from "../../src/cgroups/find-cgroup-home.ts";

const unified = "30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n";
const hybrid =
  "31 23 0:27 / /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids\n40 23 0:26 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n";

test.each([
  [unified, "0::/system.slice/x.service\n", "/sys/fs/cgroup/system.slice/x.service"],
  [unified, "0::/\n", "/sys/fs/cgroup/"],
  [hybrid, "8:pids:/a\n0::/b\n", "/sys/fs/cgroup/unified/b"],
])("finds the cgroup of a process", (mounts, membership, home) => {
  expect(findCgroupHome(mounts, membership)).toBe(home);
});

test.each([
  ["", "0::/\n"],
  ["31 23 0:27 / /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids\n", "8:pids:/\n"],
  [unified, "8:pids:/a\n"],
  [unified, "0::/../outside\n"],
  ["30 23 0:26 /inner /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n", "0::/a\n"],
])("finds none where it can't be named", (mounts, membership) => {
  expect(findCgroupHome(mounts, membership)).toBeUndefined();
});
