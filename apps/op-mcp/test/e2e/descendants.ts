import { readFileSync, readdirSync } from "node:fs";
import { expect, vi } from "vitest";

/** Everything that descends from a process now. */
export function descendantsOf(root: number): readonly number[] {
  const parents = new Map(readdirSync("/proc").map((pid) => [Number(pid), parentOf(Number(pid))]));
  const found = new Set([root]);
  for (let size = 0; size < found.size;) {
    size = found.size;
    for (const [pid, parent] of parents) if (found.has(parent)) found.add(pid);
  }
  found.delete(root);
  return [...found];
}

function parentOf(pid: number): number {
  try {
    return Number(/\) \S (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, "utf8"))?.[1]);
  } catch {
    return Number.NaN;
  }
}

/** Resolves when none of the processes is there any more. */
export async function waitUntilGone(pids: readonly number[]): Promise<void> {
  const isThere = (pid: number) => !Number.isNaN(parentOf(pid));
  await vi.waitFor(() => expect(pids.filter(isThere)).toEqual([]), { timeout: 15_000 });
}
