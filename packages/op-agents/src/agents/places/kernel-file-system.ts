/** proc, sysfs, debugfs, tracefs, securityfs, cgroup, cgroup2, devpts. */
const kernelFileSystems: ReadonlySet<number> = new Set([
  0x9fa0, 0x62656572, 0x64626720, 0x74726163, 0x73636673, 0x27e0eb, 0x63677270, 0x1cd1,
]);

/** Whether the files of a file system, by the type that `statfs` tells, are the kernel talking. It can be mounted anywhere. */
export function isKernelFileSystem(type: number): boolean {
  return kernelFileSystems.has(type);
}
