import { readKernelFile } from "./read-kernel-file.ts";

/** The machine's memory, in bytes. */
export type MemoryReading = {
  readonly totalBytes: number;
  /** What programs could get without swapping. */
  readonly availableBytes: number;
  readonly cachedBytes: number;
  /** What has to be written to disks yet. */
  readonly dirtyBytes: number;
  readonly swapTotalBytes: number;
  readonly swapFreeBytes: number;
};

/** Reads it. */
export function readMemory(proc = "/proc"): MemoryReading {
  const text = readKernelFile(`${proc}/meminfo`) ?? "";
  const bytes = (name: string) =>
    1024 * Number(new RegExp(`^${name}:\\s+(\\d+)`, "mu").exec(text)?.[1] ?? 0);
  return {
    totalBytes: bytes("MemTotal"),
    availableBytes: bytes("MemAvailable"),
    cachedBytes: bytes("Cached") + bytes("Buffers"),
    dirtyBytes: bytes("Dirty"),
    swapTotalBytes: bytes("SwapTotal"),
    swapFreeBytes: bytes("SwapFree"),
  };
}

/** How much of it is used, in percent. */
export function usedPercent(total: number, free: number): number {
  return total === 0 ? 0 : round((100 * (total - free)) / total);
}

/** To one digit behind the point. */
export function round(value: number): number {
  return Math.round(value * 10) / 10;
}
