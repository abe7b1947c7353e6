import { readdirSync, readFileSync } from "node:fs";
import { hideSecrets } from "../text/hide-secrets.ts";

/** A process of the machine, as its kernel describes it. */
export interface ProcessRow {
  readonly pid: number;
  readonly ppid: number;
  readonly name: string;
  readonly command: string;
  readonly state: string;
  readonly threads: number;
  readonly cpuSeconds: number;
  readonly elapsedSeconds: number;
  readonly virtualKb: number;
  readonly residentKb: number;
}

const ticksPerSecond = 100;

/**
 * Reads the processes of the machine. `ps` itself can't: it looks itself up by a number that means another process
 * outside of the sandbox.
 */
export function readProcesses(): ProcessRow[] {
  const uptime = Number(readFileSync("/proc/uptime", "utf8").split(" ")[0]);
  return readdirSync("/proc")
    .filter((name) => /^\d+$/u.test(name))
    .flatMap((pid) => readProcess(pid, uptime) ?? []);
}

function readProcess(pid: string, uptime: number): ProcessRow | undefined {
  const [stat, status, commandLine] = [
    read(pid, "stat"),
    read(pid, "status"),
    read(pid, "cmdline"),
  ];
  // It has ended since the list was read.
  if (stat === "") return undefined;
  const name = stat.slice(stat.indexOf("(") + 1, stat.lastIndexOf(")"));
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const number = (at: number) => Number(fields[at] ?? 0);
  const kilobytes = (key: string) =>
    Number(new RegExp(`^${key}:\\s+(\\d+)`, "mu").exec(status)?.[1] ?? 0);
  const words = hideSecrets(commandLine.split("\0")).join(" ").trim();
  return {
    pid: Number(pid),
    ppid: number(1),
    name,
    command: words === "" ? `[${name}]` : words,
    state: fields[0] ?? "?",
    threads: number(17),
    cpuSeconds: (number(11) + number(12)) / ticksPerSecond,
    elapsedSeconds: Math.max(0, uptime - number(19) / ticksPerSecond),
    virtualKb: kilobytes("VmSize"),
    residentKb: kilobytes("VmRSS"),
  };
}

function read(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return "";
  }
}
