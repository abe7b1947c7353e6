import { readdirSync, readFileSync } from "node:fs";

/** A process as the kernel shows it. */
export interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  readonly session: number;
  /** One letter; Z and X are dead. */
  readonly state: string;
  /** Processor time, that of children it waited for included. */
  readonly cpuMs: number;
  readonly threads: number;
  /** In ticks since the machine started: with the pid, the identity of a process. */
  readonly startTime: number;
  readonly residentPages: number;
}

/** The processes of the machine at one moment, by pid. */
export type ProcessTable = ReadonlyMap<number, ProcessEntry>;

/** The kernel shows times in hundredths of a second on every architecture. */
const msPerTick = 10;

/** Reads a line of `/proc/PID/stat`, or nothing where it is none. */
export function parseStat(text: string): ProcessEntry | undefined {
  // The name comes first, in brackets, and may itself contain brackets and blanks.
  const end = text.lastIndexOf(")");
  const [state = "", ...rest] = text.slice(end + 2).split(" ");
  const number = (field: number) => Number(rest[field - 4]);
  const entry = {
    pid: Number.parseInt(text, 10),
    state,
    parent: number(4),
    group: number(5),
    session: number(6),
    cpuMs: (number(14) + number(15) + number(16) + number(17)) * msPerTick,
    threads: number(20),
    startTime: number(22),
    residentPages: number(24),
  };
  return end < 0 || Number.isNaN(entry.pid + entry.residentPages) ? undefined : entry;
}

/** Reads one process, or nothing when it is gone. */
export function readProcess(pid: number): ProcessEntry | undefined {
  const text = readGone(`/proc/${pid}/stat`);
  return text === undefined ? undefined : parseStat(text);
}

/** Reads all processes that can be seen. */
export function readProcessTable(): ProcessTable {
  const table = new Map<number, ProcessEntry>();
  for (const name of readdirSync("/proc")) {
    const pid = Number(name);
    const entry = Number.isInteger(pid) ? readProcess(pid) : undefined;
    if (entry !== undefined) table.set(pid, entry);
  }
  return table;
}

/** Whether a process still runs; a zombie has ended. */
export function isAlive({ state }: ProcessEntry): boolean {
  return state !== "Z" && state !== "X";
}

/** Reads a file of a process, or nothing when the process is gone or belongs to somebody else. */
export function readGone(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
