import type { Usage } from "./limit-store.ts";

/**
 * What was used of the window that is open. It began with the first call; when it is over, the next call begins another,
 * of which nothing is used.
 */
export function usedAt(usage: Usage, nowMs: number, windowMs: number): Readonly<Usage> {
  if (nowMs >= usage.sinceMs + windowMs)
    Object.assign(usage, { sinceMs: nowMs, calls: 0, bytes: 0, destructiveCalls: 0 });
  return usage;
}

/** How long until everything is free again. */
export function freeInMs({ sinceMs }: Readonly<Usage>, nowMs: number, windowMs: number): number {
  return Math.max(0, Math.ceil(sinceMs + windowMs - nowMs));
}
