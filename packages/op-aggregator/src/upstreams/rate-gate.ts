import type { Clock } from "op-core";
import { RateLimitedError } from "op-tools";

/** Refuses what comes faster than a server should get it. A second's worth may come at once. */
export class RateGate {
  readonly #callsPerSecond: number;
  readonly #what: string;
  readonly #clock: Clock;
  #tokens: number;
  #filledAtMs: number;

  constructor(callsPerSecond: number, what: string, clock: Clock) {
    this.#callsPerSecond = callsPerSecond;
    this.#what = what;
    this.#clock = clock;
    this.#tokens = this.#burst;
    this.#filledAtMs = clock.monotonic();
  }

  /** Counts one call, or throws `ERR_RATE_LIMITED`. */
  pass(): void {
    const nowMs = this.#clock.monotonic();
    const gained = ((nowMs - this.#filledAtMs) / 1000) * this.#callsPerSecond;
    this.#tokens = Math.min(this.#burst, this.#tokens + gained);
    this.#filledAtMs = nowMs;
    if (this.#tokens < 1) {
      const waitMs = Math.ceil(((1 - this.#tokens) / this.#callsPerSecond) * 1000);
      throw new RateLimitedError(this.#what, waitMs);
    }
    this.#tokens -= 1;
  }

  get #burst(): number {
    return Math.max(1, this.#callsPerSecond);
  }
}
