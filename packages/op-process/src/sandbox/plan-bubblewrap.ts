import { pipeFd, type LaunchPipe } from "./launch-pipes.ts";
import type { LaunchRequest } from "./plan-launch.ts";
import { planMounts, type MountKind } from "./plan-mounts.ts";
import type { SandboxTools } from "./sandbox-tools.ts";

/** How much a child may keep in each of its private folders in memory. */
const privateBytes = 64 * 1024 * 1024;

/** Private folders that the child may write; the other hidden ones stay empty. */
const scratchFolders: ReadonlySet<string> = new Set(["/tmp", "/var/tmp", "/dev/shm"]);

/** Bubblewrap's arguments for a child: namespaces, a read-only root, and what of it is hidden, readable or writable. */
export function planBubblewrap(request: LaunchRequest, pipes: readonly LaunchPipe[]): string[] {
  const { tools, profile, cwd, staysRoot = false } = request;
  if (tools.bwrap === undefined) return [];
  const mounts = planMounts(profile);
  const sealed = mounts.filter(({ path, kind }) => kind === "hidden" && !scratchFolders.has(path));
  return [
    tools.bwrap,
    // Dies with the spawner, and takes the namespace along.
    "--die-with-parent",
    ...["user", "pid", "ipc", "uts"].map((namespace) => `--unshare-${namespace}`),
    "--unshare-cgroup-try",
    ...(profile.network === "host" ? [] : ["--unshare-net"]),
    ...(tools.features?.has("disable-userns") === true ? ["--disable-userns"] : []),
    ...barePlace,
    ...mountPrivate("/dev/shm", tools),
    ...mounts.flatMap(({ path, kind }) => mountOf[kind](path, tools)),
    // Only now: the binds above need places to be mounted on. Root's kernel parameters need no capability, only /proc.
    ...["/dev", ...(staysRoot ? ["/proc"] : []), ...sealed.map(({ path }) => path)].flatMap(
      (path) => ["--remount-ro", path],
    ),
    "--chdir",
    cwd,
    ...pipes.flatMap((pipe) => [optionOf[pipe], String(pipeFd(pipes, pipe))]),
    "--",
  ];
}

/** No capabilities, a read-only root, devices that do nothing, and a view of its own processes. */
const barePlace = "--cap-drop ALL --ro-bind / / --dev /dev --proc /proc".split(" ");

const optionOf: Readonly<Record<LaunchPipe, string>> = {
  filter: "--seccomp",
  init: "--info-fd",
  gate: "--block-fd",
};

const mountOf: Readonly<Record<MountKind, (path: string, tools: SandboxTools) => string[]>> = {
  hidden: mountPrivate,
  readable: (path) => ["--ro-bind", path, path],
  writable: (path) => ["--bind", path, path],
};

function mountPrivate(path: string, { features }: SandboxTools): string[] {
  const size = features?.has("size") === true ? ["--size", String(privateBytes)] : [];
  return [...size, "--tmpfs", path];
}
