import { rmdirSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ResourceUsage } from "../spec/resource-usage.ts";
import { sendSignal } from "../processes/send-signal.ts";
import {
  readCgroupFile,
  readCgroupMembers,
  readCgroupValue,
  writeCgroupFile,
} from "./cgroup-files.ts";

/** A cgroup of version 2 that is this package's own. */
export interface Cgroup {
  readonly path: string;
  /** Moves a process into it; what that one has started before stays where it is. */
  add(pid: number): Promise<void>;
  /** Whether a live process is in it or below it. */
  isPopulated(): boolean;
  /** Kills all that are in it and below it, those included that are being started. */
  kill(): void;
  /** Whether the kernel killed somebody for want of memory. */
  hasRunOutOfMemory(): boolean;
  /** What is measured here; memory only where the controller is. */
  readUsage(): Partial<ResourceUsage> & { readonly members: readonly number[] };
  /** Takes the empty cgroup away; while somebody is in it, it stays. */
  remove(): void;
}

/** The cgroup at this path, which exists. */
export function createCgroup(path: string): Cgroup {
  return {
    path,
    add: async (pid) => await writeFile(join(path, "cgroup.procs"), String(pid), { flag: "r+" }),
    isPopulated: () => readCgroupValue(path, "cgroup.events", "populated") === 1,
    kill: () => {
      if (writeCgroupFile(path, "cgroup.kill", "1") === undefined) return;
      // Kernels before 5.14 have no such file.
      for (const pid of readCgroupMembers(path)) sendSignal(pid, "SIGKILL");
    },
    hasRunOutOfMemory: () => (readCgroupValue(path, "memory.events", "oom_kill") ?? 0) > 0,
    readUsage: () => readUsage(path),
    remove: () => {
      try {
        rmdirSync(path);
      } catch {
        // It is gone, or somebody is still in it; the next host that opens here takes it away.
      }
    },
  };
}

function readUsage(path: string): ReturnType<Cgroup["readUsage"]> {
  const cpuUs = readCgroupValue(path, "cpu.stat", "usage_usec");
  const memory = readCgroupFile(path, "memory.current");
  const members = readCgroupMembers(path);
  return {
    members,
    processes: members.length,
    ...(cpuUs === undefined ? {} : { cpuMs: cpuUs / 1_000 }),
    ...(memory === undefined ? {} : { memoryBytes: Number(memory) }),
  };
}
