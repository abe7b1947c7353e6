import { readKernelFile } from "./read-kernel-file.ts";

/** For how much of the time something waited for a resource, in percent. */
export type Pressure = {
  /** Some waited, in the last ten seconds, minute and five minutes. */
  readonly some: readonly number[];
  /** All waited. */
  readonly full: readonly number[];
};

/** What there is pressure of. */
export const pressureNames = ["cpu", "memory", "io"] as const;

/** The pressure of all resources; null where the kernel does not tell. */
export type PressureReading = Readonly<Record<(typeof pressureNames)[number], Pressure | null>>;

/** Reads it. */
export function readPressure(proc = "/proc"): PressureReading {
  const read = (name: string): Pressure | null => {
    const text = readKernelFile(`${proc}/pressure/${name}`);
    if (text === undefined) return null;
    return { some: averages(text, "some"), full: averages(text, "full") };
  };
  return { cpu: read("cpu"), memory: read("memory"), io: read("io") };
}

function averages(text: string, kind: string): readonly number[] {
  const line = text.split("\n").find((each) => each.startsWith(kind)) ?? "";
  return Array.from(line.matchAll(/avg\d+=([\d.]+)/gu), ([, value]) => Number(value));
}
