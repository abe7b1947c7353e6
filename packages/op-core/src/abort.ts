import { systemClock, type Clock } from "./clock.ts";
import { DeadlineExceededError } from "./core-error.ts";

/** What bounds a wait. */
export interface WaitOptions {
  readonly clock?: Clock;
  /** Ends the wait with its reason. */
  readonly signal?: AbortSignal | undefined;
}

/** What a deadline takes. */
export interface DeadlineOptions extends WaitOptions {
  /** What has to be done by then, as the subject of a sentence: `"Reading the journal"`. */
  readonly what: string;
  readonly ms: number;
}

/** A deadline that runs; disposing it stops it. */
export interface Deadline extends Disposable {
  /** Aborts with a {@link DeadlineExceededError} when time is up, or with the parent's reason. */
  readonly signal: AbortSignal;
}

/**
 * Starts a deadline. Its signal aborts with `ERR_DEADLINE_EXCEEDED` after `ms`, or with the parent signal's reason when
 * that aborts first. Dispose it when the work is done: that stops the timer and lets go of the parent.
 */
export function startDeadline(options: DeadlineOptions): Deadline {
  const { what, ms, clock = systemClock, signal: parent } = options;
  const controller = new AbortController();
  const cleanup = new DisposableStack();
  const end = (reason: unknown) => {
    cleanup.dispose();
    controller.abort(reason);
  };
  if (parent?.aborted === true) {
    end(parent.reason);
  } else {
    cleanup.use(clock.startTimer(ms, () => end(new DeadlineExceededError(what, ms))));
    cleanup.use(onAbort(parent, end));
  }
  return { signal: controller.signal, [Symbol.dispose]: () => cleanup.dispose() };
}

/**
 * Settles like the promise, unless the signal aborts first: then it rejects with the signal's reason at once. What the
 * promise stands for goes on; nobody learns how it ends.
 */
export async function abortable<T>(promise: PromiseLike<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  using _link = onAbort(signal, aborted.reject);
  return await Promise.race([aborted.promise, promise]);
}

/** Resolves after `ms`, or rejects with the signal's reason as soon as it aborts. */
export async function sleep(ms: number, options: WaitOptions = {}): Promise<void> {
  const { clock = systemClock, signal } = options;
  signal?.throwIfAborted();
  const woken = Promise.withResolvers<void>();
  using _timer = clock.startTimer(ms, woken.resolve);
  using _link = onAbort(signal, woken.reject);
  await woken.promise;
}

/** Whether an error is nothing but this signal's abort, also in the `AbortError` that Node's own functions make of it. */
export function isAbortOf(error: unknown, signal: AbortSignal): boolean {
  if (!signal.aborted) return false;
  if (error === signal.reason) return true;
  return error instanceof Error && error.name === "AbortError" && error.cause === signal.reason;
}

/** Calls back once with the signal's reason, at once if it has aborted; disposing lets go of the signal. */
export function onAbort(
  signal: AbortSignal | undefined,
  listener: (reason: unknown) => void,
): Disposable | undefined {
  if (signal === undefined) return undefined;
  if (signal.aborted) {
    listener(signal.reason);
    return undefined;
  }
  const handleAbort = () => listener(signal.reason);
  signal.addEventListener("abort", handleAbort, { once: true });
  return { [Symbol.dispose]: () => signal.removeEventListener("abort", handleAbort) };
}
