import { readdirSync, readFileSync } from "node:fs";

/** A small file of the kernel; undefined where this machine does not have it. */
export function readKernelFile(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

/** A file of the kernel with one number; undefined where there is none. */
export function readKernelNumber(path: string): number | undefined {
  const text = readKernelFile(path)?.trim() ?? "";
  const value = Number(text);
  return text === "" || Number.isNaN(value) ? undefined : value;
}

/** The names in a folder of the kernel; none where there is none. */
export function readKernelFolder(path: string): readonly string[] {
  try {
    return readdirSync(path).toSorted();
  } catch {
    return [];
  }
}
