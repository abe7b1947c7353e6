import type { Clock, Timer } from "op-core";

/** Something that is due at a time of the clock. */
export interface DueCall {
  readonly dueMs: number;
}

/** Watches when calls are due. Disposing it stops its timer. */
export interface CallDeadlines extends Disposable {
  /** Makes sure that calls are looked at when this one is due. */
  watch(call: DueCall): void;
}

/** What watching takes. */
export interface CallDeadlinesOptions<T extends DueCall> {
  readonly clock: Clock;
  /** The calls that may be due now or later. */
  readonly calls: () => Iterable<T>;
  readonly onDue: (call: T) => void;
}

/**
 * Tells when calls are due, with one timer for all of them: a timer of its own for each would cost more than the rest
 * of a call. The timer is set for the earliest and is not moved when that one is answered.
 */
export function createCallDeadlines<T extends DueCall>(
  options: CallDeadlinesOptions<T>,
): CallDeadlines {
  const { clock, calls, onDue } = options;
  let timer: Timer | undefined;
  let timerDueMs = Number.POSITIVE_INFINITY;

  const stop = (): void => {
    timer?.[Symbol.dispose]();
    timer = undefined;
    timerDueMs = Number.POSITIVE_INFINITY;
  };

  const arm = (dueMs: number): void => {
    if (dueMs >= timerDueMs) return;
    stop();
    timerDueMs = dueMs;
    timer = clock.startTimer(Math.max(0, dueMs - clock.monotonic()), sweep);
    // The socket keeps the process alive for as long as an answer may come.
    timer.unref();
  };

  const sweep = (): void => {
    stop();
    const nowMs = clock.monotonic();
    let nextMs = Number.POSITIVE_INFINITY;
    for (const call of calls()) {
      if (call.dueMs > nowMs) nextMs = Math.min(nextMs, call.dueMs);
      else onDue(call);
    }
    arm(nextMs);
  };

  return {
    watch: (call) => arm(call.dueMs),
    [Symbol.dispose]: stop,
  };
}
