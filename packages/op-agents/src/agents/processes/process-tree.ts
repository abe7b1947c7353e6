import type { MeasuredProcess } from "./measure-processes.ts";

/** A process in a tree. */
export interface TreeRow extends MeasuredProcess {
  /** How many parents are above it. */
  readonly depth?: number;
}

/** Puts children below their parents; brothers stay in the order in which they came. */
export function toTree(rows: readonly MeasuredProcess[]): readonly TreeRow[] {
  const known = new Set(rows.map(({ pid }) => pid));
  const children = Map.groupBy(rows, ({ ppid }) => (known.has(ppid) ? ppid : 0));
  const below = (pid: number, depth: number): readonly TreeRow[] =>
    (children.get(pid) ?? []).flatMap((row) => [{ ...row, depth }, ...below(row.pid, depth + 1)]);
  return below(0, 0);
}
