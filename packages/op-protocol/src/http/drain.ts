import { abortable } from "op-core";

/** How a drain is waited for. */
export interface DrainOptions {
  /** Gives up waiting, with its reason. */
  readonly signal?: AbortSignal;
}

/** Counts what is in flight, and lets it end. */
export class Drain {
  readonly #leaving = new AbortController();
  #inFlight = 0;
  #idle: PromiseWithResolvers<void> | undefined;

  /** Aborts when the drain begins. */
  get leaving(): AbortSignal {
    return this.#leaving.signal;
  }

  get isDraining(): boolean {
    return this.#leaving.signal.aborted;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  /** Counts work until it is done. */
  async track<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#inFlight += 1;
    try {
      return await work();
    } finally {
      this.#inFlight -= 1;
      if (this.#inFlight === 0) this.#idle?.resolve();
    }
  }

  begin(): void {
    this.#leaving.abort();
  }

  /** Begins, and resolves when nothing is in flight. */
  async run(options: DrainOptions): Promise<void> {
    this.begin();
    if (this.#inFlight === 0) return;
    this.#idle ??= Promise.withResolvers();
    await waitFor(this.#idle.promise, options);
  }
}

/** Waits as long as the options say. */
export async function waitFor(work: Promise<unknown>, { signal }: DrainOptions): Promise<void> {
  await (signal === undefined ? work : abortable(work, signal));
}
