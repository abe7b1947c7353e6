import { mkdirSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { sleep, type Clock } from "op-core";
import { isAlive, readGone, readProcess } from "../processes/process-table.ts";
import type { Limits } from "../spec/limits.ts";
import { createCgroup, type Cgroup } from "./cgroup.ts";
import { readCgroupFile, writeCgroupFile } from "./cgroup-files.ts";
import { findCgroupHome } from "./find-cgroup-home.ts";

/** A controller that limits something. */
export type CgroupController = "memory" | "pids" | "cpu";

/** A cgroup for this process' children, with one cgroup below it for each. */
export interface CgroupTree {
  readonly path: string;
  /** The controllers that work here. */
  readonly controllers: ReadonlySet<CgroupController>;
  /** Makes a cgroup with the limits that the controllers can enforce. */
  createChild(name: string, limits: Limits): Cgroup;
}

/** Why there is no tree. */
export interface CgroupRefusal {
  readonly refused: string;
  readonly advice: string;
}

const controllers: readonly CgroupController[] = ["memory", "pids", "cpu"];
const prefix = "op-process";
const cpuPeriodUs = 100_000;
/** Processes of the sandbox itself, which the child's limit must not count. */
const sandboxProcesses = 2;

/** Makes a tree below the cgroup of this process, and ends what dead hosts left there. */
export function openCgroupTree(): CgroupTree | CgroupRefusal {
  const home = findCgroupHome(
    readGone("/proc/self/mountinfo") ?? "",
    readGone("/proc/self/cgroup") ?? "",
  );
  if (home === undefined) {
    return {
      refused: "cgroup v2 is not mounted",
      advice: "Mount cgroup2 at /sys/fs/cgroup, as systemd does.",
    };
  }
  try {
    return makeTree(home);
  } catch (error) {
    return {
      refused: `${home} cannot be written: ${error instanceof Error ? error.message : String(error)}`,
      advice: "Run as a systemd service with Delegate=yes and DelegateSubgroup=main, or as root.",
    };
  }
}

/** Names the tree of a process, so that others can tell whether its owner lives. */
function nameTree(pid: number): string {
  const owner = readProcess(pid);
  return `${prefix}-${pid}-${owner !== undefined && isAlive(owner) ? owner.startTime : "gone"}`;
}

function makeTree(home: string): CgroupTree {
  // With DelegateSubgroup= the process is one below what it may use; processes and controllers can't be in one cgroup.
  const parent = isDelegatedAbove(home) ? join(home, "..") : home;
  endAbandoned(parent);
  for (const name of controllers) writeCgroupFile(parent, "cgroup.subtree_control", `+${name}`);
  const path = join(parent, nameTree(process.pid));
  mkdirSync(path, { recursive: true });
  const enabled = controllers.filter(
    (name) => writeCgroupFile(path, "cgroup.subtree_control", `+${name}`) === undefined,
  );
  return {
    path,
    controllers: new Set(enabled),
    createChild: (name, limits) => {
      const child = join(path, name);
      mkdirSync(child);
      for (const [file, value] of toSettings(limits)) writeCgroupFile(child, file, value);
      return createCgroup(child);
    },
  };
}

function isDelegatedAbove(home: string): boolean {
  return (
    basename(home) === "main" && (readCgroupFile(join(home, ".."), "cgroup.procs") ?? "x") === ""
  );
}

/** What to write into which file of a child's cgroup. */
export function toSettings({ memoryBytes, processes, cpus }: Limits): [string, string][] {
  const settings: [string, string][] = [];
  if (memoryBytes !== undefined) {
    settings.push(["memory.max", String(memoryBytes)], ["memory.swap.max", "0"]);
    // One process short of memory leaves a half-dead tree: all go.
    settings.push(["memory.oom.group", "1"]);
  }
  if (processes !== undefined) settings.push(["pids.max", String(processes + sandboxProcesses)]);
  if (cpus !== undefined) {
    settings.push(["cpu.max", `${Math.max(1_000, Math.round(cpus * cpuPeriodUs))} ${cpuPeriodUs}`]);
  }
  return settings;
}

/** Ends and removes trees whose owners died together with those who would have done it. */
function endAbandoned(parent: string): void {
  for (const name of readdirSync(parent)) {
    const pid = Number(new RegExp(`^${prefix}-(\\d+)-`, "u").exec(name)?.[1] ?? Number.NaN);
    if (Number.isNaN(pid) || name === nameTree(pid)) continue;
    removeTree(join(parent, name));
  }
}

/** Kills all that are in a tree and takes it away; what is not yet dead stays for {@link endCgroupTree}. */
function removeTree(path: string): void {
  const tree = createCgroup(path);
  tree.kill();
  for (const child of readChildren(path)) createCgroup(join(path, child)).remove();
  tree.remove();
}

/** Kills all that are in a tree, resolves when nobody is left, and takes it away. */
export async function endCgroupTree(path: string, clock: Clock): Promise<void> {
  const tree = createCgroup(path);
  for (let pauseMs = 1; tree.isPopulated(); pauseMs = Math.min(pauseMs * 2, 50)) {
    tree.kill();
    await sleep(pauseMs, { clock });
  }
  removeTree(path);
}

function readChildren(path: string): string[] {
  try {
    return readdirSync(path, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
  } catch {
    return [];
  }
}
