import { isAbortOf, sleep, type WaitOptions } from "./abort.ts";
import { backoffDelayMs, defaultBackoffPolicy, type BackoffPolicy } from "./backoff.ts";
import { isOpError } from "./op-error.ts";

/** How often and when something is tried again. */
export interface RetryOptions extends WaitOptions {
  /** How many times it is tried at most, the first included. */
  readonly attempts: number;
  readonly policy?: BackoffPolicy;
  readonly random?: () => number;
  /** Whether another attempt makes sense; by default what an {@link OpError} says of itself. */
  readonly shouldRetry?: (error: unknown) => boolean;
}

/**
 * Calls `fn` with the attempt's number, counted from 1, until it succeeds, waiting longer after each failure. Rejects
 * with the last error when no attempt is left or none makes sense, and with the signal's reason when that aborts.
 */
export async function retry<T>(
  fn: (attempt: number) => Promise<T>,
  options: RetryOptions,
): Promise<T> {
  const { attempts, policy = defaultBackoffPolicy, random, shouldRetry = saysRetryable } = options;
  for (let attempt = 1; ; attempt += 1) {
    options.signal?.throwIfAborted();
    try {
      return await fn(attempt);
    } catch (error) {
      if (attempt >= attempts || isAborted(error, options) || !shouldRetry(error)) throw error;
    }
    await sleep(backoffDelayMs(attempt, policy, random), options);
  }
}

function isAborted(error: unknown, { signal }: WaitOptions): boolean {
  return signal !== undefined && isAbortOf(error, signal);
}

function saysRetryable(error: unknown): boolean {
  return isOpError(error) && error.retryable;
}
