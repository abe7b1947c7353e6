import { readProcessTable } from "../processes/process-table.ts";
import { findRelatives } from "../processes/process-traces.ts";
import type { StartedChild } from "./start-child.ts";
import { isAtLeast } from "../sandbox/sandbox-level.ts";

/**
 * Whom a signal for a child is for: its group, without the sandbox' own two processes. Those end when they are told to,
 * and everything with them at once, so that nobody could leave in order.
 */
export function findTargets({ level, tree: { traces } }: StartedChild): number[] {
  const { leader } = traces;
  const group = findRelatives(readProcessTable(), traces).filter(
    ({ group: id }) => id === leader?.pid,
  );
  if (leader === undefined || group.length === 0) return [];
  if (!isAtLeast(level, "namespaces")) return [-leader.pid];
  return group
    .filter(({ pid, parent }) => pid !== leader.pid && parent !== leader.pid)
    .map(({ pid }) => pid);
}
