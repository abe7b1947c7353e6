import { onAbort } from "./abort.ts";
import { QueueFullError } from "./core-error.ts";

/** What a semaphore takes. */
export interface SemaphoreOptions {
  /** How many may hold a permit at the same time. */
  readonly permits: number;
  /** How many may wait for one; whoever comes then is refused. */
  readonly maxQueue: number;
  /** What is limited, as the subject of the error's sentence; `"The call"` unless told. */
  readonly what?: string;
}

/** What waiting for a permit takes. */
export interface AcquireOptions {
  /** Leaves the queue when it aborts. */
  readonly signal?: AbortSignal | undefined;
}

/** Lets a bounded number of callers work at the same time; the others wait in the order they came. */
export interface Semaphore {
  /** Permits that nobody holds. */
  readonly available: number;
  /** How many callers wait. */
  readonly waiting: number;
  /**
   * Resolves with a permit; disposing it gives it back. Rejects with `ERR_QUEUE_FULL` when too many wait, and with the
   * signal's reason when that aborts before the caller's turn.
   */
  acquire(options?: AcquireOptions): Promise<Disposable>;
  /** A permit if one is free now. */
  tryAcquire(): Disposable | undefined;
  /** Calls `fn` while holding a permit. */
  run<T>(fn: () => Promise<T>, options?: AcquireOptions): Promise<T>;
}

/** Makes a semaphore. */
export function createSemaphore(options: SemaphoreOptions): Semaphore {
  const { permits, maxQueue, what = "The call" } = options;
  const queue = new Set<PromiseWithResolvers<Disposable>>();
  let available = permits;

  /** A permit goes straight to whoever waits longest, so nobody can overtake the queue. */
  const release = () => {
    const [next] = queue;
    if (next === undefined) {
      available += 1;
    } else {
      queue.delete(next);
      next.resolve(new Permit(release));
    }
  };

  const tryAcquire = () => {
    if (available === 0) return undefined;
    available -= 1;
    return new Permit(release);
  };

  const acquire = async ({ signal }: AcquireOptions = {}) => {
    signal?.throwIfAborted();
    const permit = tryAcquire();
    if (permit !== undefined) return permit;
    if (queue.size >= maxQueue) throw new QueueFullError(what, maxQueue);

    const turn = Promise.withResolvers<Disposable>();
    queue.add(turn);
    using _link = onAbort(signal, (reason) => {
      // A caller whose turn has come keeps its permit, or it would be lost.
      if (queue.delete(turn)) turn.reject(reason);
    });
    return await turn.promise;
  };

  return {
    get available() {
      return available;
    },
    get waiting() {
      return queue.size;
    },
    acquire,
    tryAcquire,
    run: async (fn, acquireOptions) => {
      using _permit = await acquire(acquireOptions);
      return await fn();
    },
  };
}

/** A permit that can be given back only once. */
class Permit implements Disposable {
  readonly #release: () => void;
  #isHeld = true;

  constructor(release: () => void) {
    this.#release = release;
  }

  [Symbol.dispose](): void {
    if (!this.#isHeld) return;
    this.#isHeld = false;
    this.#release();
  }
}
