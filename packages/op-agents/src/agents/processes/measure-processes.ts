import { setTimeout as pause } from "node:timers/promises";
import { readProcesses, type ProcessRow } from "./read-processes.ts";

/** A process, and how much of a processor it uses now. */
export interface MeasuredProcess extends ProcessRow {
  /** 100 for a whole processor. */
  readonly cpuPercent: number;
}

const measureMs = 500;

/** Reads the processes twice, a moment apart: what they used since they started says little of now. */
export async function measureProcesses(signal: AbortSignal): Promise<readonly MeasuredProcess[]> {
  const before = new Map(readProcesses().map((row) => [row.pid, row]));
  const startedMs = performance.now();
  await pause(measureMs, undefined, { signal });
  const seconds = (performance.now() - startedMs) / 1000;
  return readProcesses().map((row) => {
    const earlier = before.get(row.pid);
    // A number may be another process by now.
    const isSame = earlier !== undefined && earlier.cpuSeconds <= row.cpuSeconds;
    const used = row.cpuSeconds - (isSame ? earlier.cpuSeconds : 0);
    return { ...row, cpuPercent: Math.round((1000 * used) / seconds) / 10 };
  });
}
