const minuteMs = 60_000;

/** Counts calls and forgets them evenly, as many a minute as are allowed; so many may also come at once. */
export class LeakyBucket {
  #level = 0;
  #atMs: number;

  constructor(nowMs: number) {
    this.#atMs = nowMs;
  }

  /** How many calls are not forgotten yet. */
  levelAt(nowMs: number, perMinute: number): number {
    const leaked = ((nowMs - this.#atMs) / minuteMs) * perMinute;
    this.#level = Math.max(0, this.#level - leaked);
    this.#atMs = nowMs;
    return this.#level;
  }

  /** How long until one more call has room; nothing where it never has. */
  waitMs(nowMs: number, perMinute: number): number | undefined {
    const excess = this.levelAt(nowMs, perMinute) + 1 - perMinute;
    if (excess <= 0) return 0;
    return perMinute < 1 ? undefined : Math.ceil((excess / perMinute) * minuteMs);
  }

  /** Counts one call; ask `waitMs` first. */
  add(): void {
    this.#level += 1;
  }
}
