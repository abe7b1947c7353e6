/** What a session has used of its budget. */
export interface SessionUse {
  readonly calls: number;
  readonly bytes: number;
  readonly destructiveCalls: number;
}

const nothing: SessionUse = { calls: 0, bytes: 0, destructiveCalls: 0 };

/** Counts what a session uses. Its window begins with its first call; when that is over, the next call begins another. */
export class SessionBudget {
  #beganAtMs: number;
  #used = nothing;

  constructor(nowMs: number) {
    this.#beganAtMs = nowMs;
  }

  /** What was used of the window that is open. */
  usedAt(nowMs: number, windowMs: number): SessionUse {
    if (this.#isOver(nowMs, windowMs)) {
      this.#beganAtMs = nowMs;
      this.#used = nothing;
    }
    return this.#used;
  }

  /** How long until everything is free again. */
  freeInMs(nowMs: number, windowMs: number): number {
    return Math.max(0, Math.ceil(this.#beganAtMs + windowMs - nowMs));
  }

  add({ calls = 0, bytes = 0, destructiveCalls = 0 }: Partial<SessionUse>): void {
    this.#used = {
      calls: this.#used.calls + calls,
      bytes: this.#used.bytes + bytes,
      destructiveCalls: this.#used.destructiveCalls + destructiveCalls,
    };
  }

  #isOver(nowMs: number, windowMs: number): boolean {
    return nowMs >= this.#beganAtMs + windowMs;
  }
}
