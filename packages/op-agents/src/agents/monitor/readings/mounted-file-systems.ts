import { readKernelFile } from "./read-kernel-file.ts";

/** A file system of a disk, and where it is mounted first. */
export interface MountedFileSystem {
  readonly mount: string;
  readonly device: string;
  readonly type: string;
  readonly isReadOnly: boolean;
}

/** Kinds that are no disk, are full by nature, or may never answer because they are on another machine. */
const left =
  /^(?:overlay|squashfs|iso9660|tmpfs|ramfs|devtmpfs|nfs4?|cifs|smb3|9p|ceph|afs|fuse(?!blk)|nsfs|proc|sysfs|cgroup2?|autofs|erofs)/u;

/** The file systems of the disks, each once, as a process sees them. */
export function mountedFileSystems(mountInfo: string): readonly MountedFileSystem[] {
  const seen = new Map<string, MountedFileSystem>();
  for (const line of mountInfo.split("\n")) {
    const [front = "", back = ""] = line.split(" - ");
    const [, , device = "", , mount = ""] = front.split(" ");
    const [type = "", source = "", options = ""] = back.split(" ");
    if (
      mount === "" ||
      left.test(type) ||
      (!source.startsWith("/") && !/^(?:zfs|btrfs|bcachefs)$/u.test(type))
    )
      continue;
    const path = unescape(mount);
    const first = seen.get(device);
    // A sandbox mounts the same again, below: the shortest path is the place that people know.
    if (first !== undefined && first.mount.length <= path.length) continue;
    seen.set(device, {
      mount: path,
      device: unescape(source),
      type,
      isReadOnly: options.split(",").includes("ro"),
    });
  }
  return [...seen.values()];
}

/** The file systems that this process sees. */
export function readFileSystems(proc = "/proc"): readonly MountedFileSystem[] {
  return mountedFileSystems(readKernelFile(`${proc}/self/mountinfo`) ?? "");
}

/** The kernel writes spaces and the like as octal numbers. */
function unescape(text: string): string {
  return text.replaceAll(/\\([0-7]{3})/gu, (_, digits: string) =>
    String.fromCodePoint(Number.parseInt(digits, 8)),
  );
}
