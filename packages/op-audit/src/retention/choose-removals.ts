import type { AuditConfig } from "../audit-config.ts";
import type { Seal } from "../segments/seal.ts";
import { findHold } from "./legal-hold.ts";

/** A closed segment and the room it takes. */
export interface ClosedSegment {
  readonly seal: Seal;
  readonly storedBytes: number;
}

/** A segment that is to be removed, and why. */
export interface Removal {
  readonly seal: Seal;
  readonly reason: "age" | "size";
}

/** Chooses what retention removes: what is too old, and the oldest while all take too much room; never what is held. */
export function chooseRemovals(
  closed: readonly ClosedSegment[],
  policy: AuditConfig["retention"],
  now: { readonly nowMs: number; readonly openBytes: number },
): Removal[] {
  const removals: Removal[] = [];
  let bytes = closed.reduce((sum, { storedBytes }) => sum + storedBytes, now.openBytes);
  for (const { seal, storedBytes } of closed) {
    const isOld = policy.maxAgeMs > 0 && now.nowMs - Date.parse(seal.closedAt) > policy.maxAgeMs;
    const isTooMuch = policy.maxTotalBytes > 0 && bytes > policy.maxTotalBytes;
    if ((!isOld && !isTooMuch) || findHold(policy.holds, seal) !== undefined) continue;
    removals.push({ seal, reason: isOld ? "age" : "size" });
    bytes -= storedBytes;
  }
  return removals;
}
