import type { Clock, Timer } from "op-core";

/** Watches when calls are due. Disposing it stops its timer. */
export interface CallDeadlines<T> extends Disposable {
  add(call: T): void;
  delete(call: T): void;
}

/**
 * Tells when calls are due, with one timer for all of them: a timer of its own for each would cost more than the rest
 * of a call. The timer is set for the earliest and is not moved when that one is deleted.
 */
export function createCallDeadlines<T extends { readonly dueMs: number }>(
  clock: Clock,
  onDue: (call: T) => void,
): CallDeadlines<T> {
  const calls = new Set<T>();
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
    for (const call of calls) {
      if (call.dueMs > nowMs) nextMs = Math.min(nextMs, call.dueMs);
      else if (calls.delete(call)) onDue(call);
    }
    arm(nextMs);
  };

  return {
    add: (call) => {
      calls.add(call);
      arm(call.dueMs);
    },
    delete: (call) => {
      calls.delete(call);
    },
    [Symbol.dispose]: () => {
      calls.clear();
      stop();
    },
  };
}
