import type { Clock } from "op-core";

/** How an LRU cache tells time. */
export interface Expiry {
  readonly ttl: number;
  readonly ttlResolution: number;
  readonly perf: { now(): number };
}

/** Makes a cache forget after `ttlMs` by this clock. */
export function expireAfter(ttlMs: number, clock: Clock): Expiry {
  return {
    ttl: ttlMs,
    // Otherwise the cache remembers the time for a moment, by a timer of its own.
    ttlResolution: 0,
    // To the cache, 0 is not a time but the absence of one.
    perf: { now: () => clock.monotonic() + 1 },
  };
}
