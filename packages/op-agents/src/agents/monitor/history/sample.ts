import { readCpu, readLoad, type CpuReading } from "../readings/read-cpu.ts";
import { readDiskTraffic, type DiskTraffic } from "../readings/read-disk-traffic.ts";
import { readMemory, round, usedPercent } from "../readings/read-memory.ts";
import { readPressure } from "../readings/read-pressure.ts";

/** What is remembered of a moment: since the moment before, how busy the machine was. */
export type Sample = {
  readonly atMs: number;
  readonly cpuPercent: number;
  readonly waitingPercent: number;
  readonly stolenPercent: number;
  readonly load: number;
  readonly memoryPercent: number;
  readonly swapPercent: number;
  /** Of the last ten seconds; null where the kernel does not tell. */
  readonly cpuPressure: number | null;
  readonly memoryPressure: number | null;
  readonly ioPressure: number | null;
  readonly readBytesPerSecond: number;
  readonly writtenBytesPerSecond: number;
};

/** What the next sample is compared with. */
export interface Counters {
  readonly atMs: number;
  readonly cpu: CpuReading;
  readonly disks: readonly DiskTraffic[];
}

/** Reads what is counted since the machine started. */
export function readCounters(atMs: number): Counters {
  return { atMs, cpu: readCpu(), disks: readDiskTraffic() };
}

/** What happened between two readings. */
export function takeSample(before: Counters, now: Counters): Sample {
  const ticks = Math.max(1, now.cpu.total - before.cpu.total);
  const share = (name: "busy" | "waiting" | "stolen") =>
    Math.max(0, round((100 * (now.cpu[name] - before.cpu[name])) / ticks));
  const memory = readMemory();
  const pressure = readPressure();
  const rates = diskRates(before, now);
  return {
    atMs: now.atMs,
    cpuPercent: share("busy"),
    waitingPercent: share("waiting"),
    stolenPercent: share("stolen"),
    load: readLoad()[0],
    memoryPercent: usedPercent(memory.totalBytes, memory.availableBytes),
    swapPercent: usedPercent(memory.swapTotalBytes, memory.swapFreeBytes),
    cpuPressure: pressure.cpu?.some[0] ?? null,
    memoryPressure: pressure.memory?.some[0] ?? null,
    ioPressure: pressure.io?.some[0] ?? null,
    readBytesPerSecond: sum(rates.map((rate) => rate.readBytesPerSecond)),
    writtenBytesPerSecond: sum(rates.map((rate) => rate.writtenBytesPerSecond)),
  };
}

/** How busy a disk was. */
export type DiskRate = {
  readonly name: string;
  readonly readBytesPerSecond: number;
  readonly writtenBytesPerSecond: number;
  readonly readsPerSecond: number;
  readonly writesPerSecond: number;
  readonly busyPercent: number;
};

/** How busy the disks were between two readings. */
export function diskRates(before: Counters, now: Counters): readonly DiskRate[] {
  const ms = Math.max(1, now.atMs - before.atMs);
  return now.disks.map((disk) => {
    const earlier = before.disks.find(({ name }) => name === disk.name) ?? disk;
    const rate = (name: "readBytes" | "writtenBytes" | "reads" | "writes") =>
      Math.max(0, Math.round((1000 * (disk[name] - earlier[name])) / ms));
    return {
      name: disk.name,
      readBytesPerSecond: rate("readBytes"),
      writtenBytesPerSecond: rate("writtenBytes"),
      readsPerSecond: rate("reads"),
      writesPerSecond: rate("writes"),
      busyPercent: Math.min(100, Math.max(0, round((100 * (disk.busyMs - earlier.busyMs)) / ms))),
    };
  });
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
