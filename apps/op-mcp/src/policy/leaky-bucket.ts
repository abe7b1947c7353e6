import type { Usage } from "./limit-store.ts";

const minuteMs = 60_000;

/** How many calls are not forgotten yet, of which so many are a minute; forgets the others. */
export function levelAt(usage: Usage, nowMs: number, perMinute: number): number {
  const leaked = ((nowMs - usage.sinceMs) / minuteMs) * perMinute;
  usage.calls = Math.max(0, usage.calls - leaked);
  usage.sinceMs = nowMs;
  return usage.calls;
}

/** How long until one more call has room; nothing where it never has. */
export function waitMs(usage: Usage, nowMs: number, perMinute: number): number | undefined {
  const excess = levelAt(usage, nowMs, perMinute) + 1 - perMinute;
  if (excess <= 0) return 0;
  return perMinute < 1 ? undefined : Math.ceil((excess / perMinute) * minuteMs);
}
