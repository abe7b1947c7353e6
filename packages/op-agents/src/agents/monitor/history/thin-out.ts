import { round } from "../readings/read-memory.ts";
import type { Sample } from "./sample.ts";

/** Makes at most so many of many samples: the means of neighbours, at the time of the last of them. */
export function thinOut(samples: readonly Sample[], most: number): readonly Sample[] {
  const size = Math.ceil(samples.length / most);
  if (size <= 1) return samples;
  const groups = Array.from({ length: Math.ceil(samples.length / size) }, (_, at) =>
    samples.slice(at * size, (at + 1) * size),
  );
  return groups.flatMap((group) => {
    const last = group.at(-1);
    return last === undefined ? [] : [average(group, last)];
  });
}

function average(group: readonly Sample[], last: Sample): Sample {
  const mean = (name: keyof Sample) => {
    const values = group.map((sample) => sample[name]).filter((value) => value !== null);
    return round(values.reduce((total, value) => total + value, 0) / Math.max(1, values.length));
  };
  const known = (name: keyof Sample) => (last[name] === null ? null : mean(name));
  return {
    atMs: last.atMs,
    cpuPercent: mean("cpuPercent"),
    waitingPercent: mean("waitingPercent"),
    stolenPercent: mean("stolenPercent"),
    load: mean("load"),
    memoryPercent: mean("memoryPercent"),
    swapPercent: mean("swapPercent"),
    cpuPressure: known("cpuPressure"),
    memoryPressure: known("memoryPressure"),
    ioPressure: known("ioPressure"),
    readBytesPerSecond: mean("readBytesPerSecond"),
    writtenBytesPerSecond: mean("writtenBytesPerSecond"),
  };
}
