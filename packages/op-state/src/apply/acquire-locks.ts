import { sleep, type Clock } from "op-core";
import { StateLockedError } from "../state-error.ts";
import type { StateStore } from "../store/state-store.ts";

/** What taking locks takes. */
export interface AcquireLocksOptions {
  readonly store: StateStore;
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Locks of other processes cannot be awaited, so they are tried again. */
const retryMs = 25;

/**
 * Locks plugins, always in the same order, so that two runs never wait for each other. Rejects with `ERR_STATE_LOCKED`
 * when another run has one of them for too long; then none is kept.
 */
export async function acquireLocks(
  plugins: readonly string[],
  options: AcquireLocksOptions,
): Promise<AsyncDisposable> {
  await using stack = new AsyncDisposableStack();
  const untilMs = options.clock.monotonic() + options.timeoutMs;
  for (const plugin of [...new Set(plugins)].toSorted()) {
    stack.use(await acquireLock(plugin, untilMs, options));
  }
  return stack.move();
}

async function acquireLock(
  plugin: string,
  untilMs: number,
  { store, clock, signal }: AcquireLocksOptions,
): Promise<AsyncDisposable> {
  for (;;) {
    signal.throwIfAborted();
    const lock = await store.tryLock(`plugin-${plugin}`);
    if (lock !== undefined) return lock;
    if (clock.monotonic() >= untilMs) throw new StateLockedError(plugin);
    await sleep(retryMs, { clock, signal });
  }
}
