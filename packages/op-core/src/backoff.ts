/** How waits between attempts grow. */
export interface BackoffPolicy {
  /** The wait after the first failure. */
  readonly initialMs: number;
  /** No wait is longer. */
  readonly maxMs: number;
  /** How much longer each wait is than the one before. */
  readonly factor: number;
  /** How much of a wait is left to chance, from 0 (none) to 1 (all), so that many callers do not return at once. */
  readonly jitter: number;
}

/** Waits 100 ms, then twice as long each time, up to half a minute; half of it is chance. */
export const defaultBackoffPolicy: BackoffPolicy = {
  initialMs: 100,
  maxMs: 30_000,
  factor: 2,
  jitter: 0.5,
};

/**
 * Says how long to wait after the failed attempt `attempt`, counted from 1. Chance only shortens: the wait lies between
 * `1 - jitter` of the full one and the full one.
 */
export function backoffDelayMs(
  attempt: number,
  policy: BackoffPolicy = defaultBackoffPolicy,
  random: () => number = Math.random,
): number {
  // The power overflows to Infinity, and 0 × Infinity is not a number.
  const growth = Math.min(policy.factor ** (attempt - 1), Number.MAX_VALUE);
  const fullMs = Math.min(policy.maxMs, policy.initialMs * growth);
  return fullMs * (1 - policy.jitter * random());
}
