import { readKernelFile } from "./read-kernel-file.ts";

/** What the processors have done since the machine started, in ticks, and how much waits for them. */
export interface CpuReading {
  readonly busy: number;
  readonly waiting: number;
  readonly stolen: number;
  readonly total: number;
  readonly count: number;
  readonly running: number;
  readonly blocked: number;
}

/** Reads it. */
export function readCpu(proc = "/proc"): CpuReading {
  const lines = (readKernelFile(`${proc}/stat`) ?? "").split("\n");
  const row = (name: string) =>
    (lines.find((line) => line.startsWith(`${name} `)) ?? "").split(/\s+/u).slice(1).map(Number);
  // The time of guests is in user's and nice's already.
  const [user = 0, nice = 0, system = 0, idle = 0, waiting = 0, irq = 0, soft = 0, stolen = 0] =
    row("cpu");
  const busy = user + nice + system + irq + soft;
  return {
    busy,
    waiting,
    stolen,
    total: busy + idle + waiting + stolen,
    count: lines.filter((line) => /^cpu\d/u.test(line)).length,
    running: row("procs_running")[0] ?? 0,
    blocked: row("procs_blocked")[0] ?? 0,
  };
}

/** The load of the last one, five and fifteen minutes. */
export function readLoad(proc = "/proc"): readonly [number, number, number] {
  const [one = 0, five = 0, fifteen = 0] = (readKernelFile(`${proc}/loadavg`) ?? "")
    .split(" ")
    .map(Number);
  return [one, five, fifteen];
}
