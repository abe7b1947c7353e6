import type { Clock, Timer } from "../clock.ts";

/** Where a manual clock starts. */
export interface ManualClockOptions {
  /** Wall time at the start, in milliseconds since the epoch; 0 unless told. */
  readonly startMs?: number;
}

/** A clock that stands still until a test moves it. */
export interface ManualClock extends Clock {
  /** How many timers wait: 0 after everything was disposed means that none leaked. */
  readonly pendingTimers: number;
  /**
   * Moves time forward and fires what becomes due, earliest first, equals in the order they were started. What each
   * timer sets in motion runs before the next one fires, so timers started meanwhile take part. Resolves when all of it
   * has run.
   */
  advance(ms: number): Promise<void>;
}

interface PendingTimer {
  readonly dueMs: number;
  readonly callback: () => void;
}

/** Makes a clock on which only `advance` passes time. */
export function createManualClock({ startMs = 0 }: ManualClockOptions = {}): ManualClock {
  const pending = new Set<PendingTimer>();
  let elapsedMs = 0;
  let targetMs = 0;

  return {
    get pendingTimers() {
      return pending.size;
    },
    now: () => startMs + elapsedMs,
    monotonic: () => elapsedMs,
    startTimer: (delayMs, callback) => {
      const timer = { dueMs: elapsedMs + Math.max(0, delayMs), callback };
      pending.add(timer);
      return toTimer(() => pending.delete(timer));
    },
    advance: async (ms) => {
      targetMs += ms;
      const untilMs = targetMs;
      await settle();
      for (;;) {
        const next = earliestOf(pending);
        if (next === undefined || next.dueMs > untilMs) break;
        pending.delete(next);
        elapsedMs = Math.max(elapsedMs, next.dueMs);
        next.callback();
        await settle();
      }
      elapsedMs = Math.max(elapsedMs, untilMs);
    },
  };
}

function toTimer(cancel: () => void): Timer {
  return { unref: () => undefined, [Symbol.dispose]: cancel };
}

/** A set keeps the order of starting, so the first of equals wins. */
function earliestOf(timers: Iterable<PendingTimer>): PendingTimer | undefined {
  let earliest: PendingTimer | undefined;
  for (const timer of timers) {
    if (earliest === undefined || timer.dueMs < earliest.dueMs) earliest = timer;
  }
  return earliest;
}

/** Resolves after every microtask that is queued, and those they queue, has run. */
function settle(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
