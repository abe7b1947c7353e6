/** How fast a bucket fills and how much it holds. */
export interface BucketRate {
  readonly callsPerSecond: number;
  readonly burst: number;
}

/** A number of calls that may be made now, which grows with time up to the burst. */
export class TokenBucket {
  readonly #rate: BucketRate;
  #tokens: number;
  #filledAtMs: number;

  /** Starts full. */
  constructor(rate: BucketRate, nowMs: number) {
    this.#rate = rate;
    this.#tokens = rate.burst;
    this.#filledAtMs = nowMs;
  }

  /** How long to wait for the next call; 0 when it may be made now. */
  waitMs(nowMs: number): number {
    const { callsPerSecond, burst } = this.#rate;
    const gained = ((nowMs - this.#filledAtMs) / 1000) * callsPerSecond;
    this.#tokens = Math.min(burst, this.#tokens + gained);
    this.#filledAtMs = nowMs;
    return this.#tokens >= 1 ? 0 : Math.ceil(((1 - this.#tokens) / callsPerSecond) * 1000);
  }

  /** Uses up one call; ask `waitMs` first. */
  take(): void {
    this.#tokens -= 1;
  }
}
