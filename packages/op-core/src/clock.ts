/** A timer that was started; disposing it cancels it. */
export interface Timer extends Disposable {
  /** Lets the process leave although the timer is pending. */
  unref(): void;
}

/** The only way this product reads time or waits, so that tests own both. */
export interface Clock {
  /** Wall time in milliseconds since the epoch. */
  now(): number;
  /** Milliseconds that never go backwards, with fractions. */
  monotonic(): number;
  /** Calls back once, after at least `delayMs`. */
  startTimer(delayMs: number, callback: () => void): Timer;
}

/** Node caps a timer at 2³¹−1 ms and fires at once beyond it. */
const longestDelayMs = 2 ** 31 - 1;

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  startTimer: (delayMs, callback) => {
    const timeout = setTimeout(callback, Math.min(delayMs, longestDelayMs));
    return {
      unref: () => {
        timeout.unref();
      },
      [Symbol.dispose]: () => {
        clearTimeout(timeout);
      },
    };
  },
};
