import type { Clock, Logger, Timer } from "op-core";
import type { ApiKeyStore } from "./api-key-store.ts";

/** What noting uses takes. */
export interface LastUseOptions {
  readonly store: ApiKeyStore;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** How coarse the time of the last use is: a key in use costs a write an hour. */
const coarseMs = 60 * 60_000;
const lazyMs = 30_000;

/** Notes when keys were used last: coarsely, later, and never at the cost of a request. */
export class LastUse implements AsyncDisposable {
  readonly #options: LastUseOptions;
  readonly #waiting = new Map<string, number>();
  readonly #leaving = new AbortController();
  #timer: Timer | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(options: LastUseOptions) {
    this.#options = options;
  }

  note(id: string, lastUsedAtMs: number | undefined): void {
    const { clock } = this.#options;
    const now = clock.now();
    if (lastUsedAtMs !== undefined && now - lastUsedAtMs < coarseMs) return;
    this.#waiting.set(id, now - (now % coarseMs));
    if (this.#timer !== undefined || this.#leaving.signal.aborted) return;
    this.#timer = clock.startTimer(lazyMs, () => {
      this.#timer = undefined;
      this.#writing = this.#writing.then(() => this.#write());
    });
    this.#timer.unref();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#timer?.[Symbol.dispose]();
    await this.#writing;
    await this.#write();
    this.#leaving.abort();
  }

  async #write(): Promise<void> {
    const { store, logger } = this.#options;
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    try {
      for (const [id, lastUsedAtMs] of waiting) {
        await store.edit(
          id,
          (key) => {
            if (key === undefined) throw new Error(`the key ${id} is gone`);
            return (key.lastUsedAtMs ?? 0) >= lastUsedAtMs ? key : { ...key, lastUsedAtMs };
          },
          { signal: this.#leaving.signal },
        );
      }
    } catch (error) {
      logger.warn("the last use of API keys could not be noted", { error });
    }
  }
}
