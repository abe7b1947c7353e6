import type { Clock } from "op-core";
import { RateLimitedError, TokenBucket } from "op-tools";

/** Refuses what comes faster than a server should get it. A second's worth may come at once. */
export class RateGate {
  readonly #bucket: TokenBucket;
  readonly #what: string;
  readonly #clock: Clock;

  constructor(callsPerSecond: number, what: string, clock: Clock) {
    const rate = { callsPerSecond, burst: Math.max(1, callsPerSecond) };
    this.#bucket = new TokenBucket(rate, clock.monotonic());
    this.#what = what;
    this.#clock = clock;
  }

  /** Counts one call, or throws `ERR_RATE_LIMITED`. */
  pass(): void {
    const waitMs = this.#bucket.waitMs(this.#clock.monotonic());
    if (waitMs > 0) throw new RateLimitedError(this.#what, waitMs);
    this.#bucket.take();
  }
}
