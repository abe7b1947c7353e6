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
  async track(work: () => Promise<void>): Promise<void> {
    this.#inFlight += 1;
    try {
      await work();
    } finally {
      this.#inFlight -= 1;
      if (this.#inFlight === 0) this.#idle?.resolve();
    }
  }

  begin(): void {
    this.#leaving.abort();
  }

  /** Begins, and resolves when nothing is in flight. */
  async run({ signal }: DrainOptions): Promise<void> {
    this.begin();
    if (this.#inFlight === 0) return;
    this.#idle ??= Promise.withResolvers();
    const { promise } = this.#idle;
    await (signal === undefined ? promise : abortable(promise, signal));
  }
}
