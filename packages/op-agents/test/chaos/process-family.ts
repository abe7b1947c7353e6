import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** By what processes of a family are known, also when their parents are gone. */
export interface FamilyTraces {
  readonly namespaces: Set<string>;
  readonly cgroups: Set<string>;
}

/** Makes traces of nobody. */
export function noTraces(): FamilyTraces {
  return { namespaces: new Set(), cgroups: new Set() };
}

/** Adds the traces of everybody who descends from a process now, without those that this process has too. */
export function noteFamily(root: number, traces: FamilyTraces): void {
  const parents = new Map(everybody().map((pid) => [pid, parentOf(pid)]));
  const family = new Set([root]);
  for (let size = 0; size < family.size;) {
    size = family.size;
    for (const [pid, parent] of parents) if (family.has(parent)) family.add(pid);
  }
  for (const pid of family) {
    const [namespace, cgroup] = [namespaceOf(pid), cgroupOf(pid)];
    if (namespace !== "" && namespace !== namespaceOf(process.pid))
      traces.namespaces.add(namespace);
    if (cgroup !== "" && cgroup !== cgroupOf(process.pid)) traces.cgroups.add(cgroup);
  }
}

/** Who lives and has one of the traces, or the word in its command line. */
export function findLeft(traces: FamilyTraces, word: string): readonly string[] {
  return everybody()
    .filter(
      (pid) =>
        pid !== process.pid &&
        stateOf(pid) !== "Z" &&
        (traces.namespaces.has(namespaceOf(pid)) ||
          traces.cgroups.has(cgroupOf(pid)) ||
          read(pid, "cmdline").includes(word)),
    )
    .map((pid) => `${pid} ${read(pid, "cmdline").replaceAll("\0", " ").slice(0, 200)}`);
}

function everybody(): readonly number[] {
  return readdirSync("/proc")
    .map(Number)
    .filter((pid) => pid > 0);
}

function parentOf(pid: number): number {
  return Number(afterName(pid)[1] ?? Number.NaN);
}

function stateOf(pid: number): string {
  return afterName(pid)[0] ?? "Z";
}

/** What comes after the name, which may have any character. */
function afterName(pid: number): readonly string[] {
  const stat = read(pid, "stat");
  return stat === "" ? [] : stat.slice(stat.lastIndexOf(")") + 2).split(" ");
}

function cgroupOf(pid: number): string {
  return read(pid, "cgroup");
}

function namespaceOf(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/ns/pid`);
  } catch {
    return "";
  }
}

/** A file about a process, or nothing when it is gone. */
function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return "";
  }
}
