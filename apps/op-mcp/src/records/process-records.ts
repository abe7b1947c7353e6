import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { isJsonObject } from "op-core";

/** What a process that runs tells those who ask from outside, in a file of its own. */
export interface ProcessRecord {
  readonly pid: number;
  readonly startedAt: string;
}

/** The file in which a process keeps its record. */
export function recordFileOf(directory: string, pid: number): string {
  return join(directory, `${pid}.json`);
}

/** The records of the processes that live, the latest start first; those of the dead are taken away. */
export function readProcessRecords<Kept extends ProcessRecord>(
  directory: string,
  isRecord: (value: unknown) => value is Kept,
): readonly Kept[] {
  const records = pidsIn(directory).flatMap((pid) => {
    if (isAlive(pid)) return readRecord(recordFileOf(directory, pid));
    rmSync(recordFileOf(directory, pid), { force: true });
    return [];
  });
  return records
    .filter(isRecord)
    .toSorted((one, other) => other.startedAt.localeCompare(one.startedAt));
}

function pidsIn(directory: string): readonly number[] {
  try {
    const pids = readdirSync(directory).map((name) => Number(/^(\d+)\.json$/u.exec(name)?.[1]));
    return pids.filter((pid) => !Number.isNaN(pid));
  } catch {
    // No process of this user ever kept one.
    return [];
  }
}

function readRecord(file: string): readonly unknown[] {
  try {
    return [JSON.parse(readFileSync(file, "utf8"))];
  } catch {
    // Its process has just taken it away.
    return [];
  }
}

/** Whether a value has what all records have. */
export function isProcessRecord(value: unknown): value is ProcessRecord & object {
  return (
    isJsonObject(value) &&
    typeof value["pid"] === "number" &&
    typeof value["startedAt"] === "string"
  );
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
