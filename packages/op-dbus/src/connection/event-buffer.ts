import type { EventStream } from "./bus-connection.ts";

/** How an event buffer is made. */
export interface EventBufferOptions {
  /** How many values wait for the reader. */
  readonly size: number;
  readonly signal?: AbortSignal | undefined;
  /** Called once, when the stream has ended for whatever reason. */
  readonly onEnd: () => void;
}

type Outcome = { readonly kind: "ended" } | { readonly kind: "failed"; readonly reason: unknown };

const done: IteratorReturnResult<undefined> = { done: true, value: undefined };

/** A bounded queue between whoever pushes and one loop that reads. When it is full the oldest value goes. */
export class EventBuffer<T> implements EventStream<T> {
  readonly #size: number;
  readonly #onEnd: () => void;
  readonly #waiting: PromiseWithResolvers<IteratorResult<T, undefined>>[] = [];
  readonly #unlink: () => void;
  #values: T[] = [];
  /** Values before it have been read or dropped; they are cut off in bulk. */
  #head = 0;
  #dropped = 0;
  #outcome: Outcome | undefined;

  constructor({ size, signal, onEnd }: EventBufferOptions) {
    this.#size = size;
    this.#onEnd = onEnd;
    const handleAbort = (): void => this.#finish({ kind: "failed", reason: signal?.reason });
    signal?.addEventListener("abort", handleAbort, { once: true });
    this.#unlink = () => signal?.removeEventListener("abort", handleAbort);
    if (signal?.aborted === true) handleAbort();
  }

  get dropped(): number {
    return this.#dropped;
  }

  /** Gives a value to the reader, or keeps it for the next time the reader asks. */
  push(value: T): void {
    if (this.#outcome !== undefined) return;
    const waiting = this.#waiting.shift();
    if (waiting !== undefined) {
      waiting.resolve({ done: false, value });
      return;
    }
    this.#values.push(value);
    if (this.#values.length - this.#head > this.#size) {
      this.#head += 1;
      this.#dropped += 1;
    }
    this.#trim();
  }

  /** Ends the stream after what waits has been read. */
  end(): void {
    this.#finish({ kind: "ended" });
  }

  async next(): Promise<IteratorResult<T, undefined>> {
    if (this.#outcome?.kind === "failed") throw this.#outcome.reason;
    if (this.#head < this.#values.length) return this.#take();
    if (this.#outcome !== undefined) return done;
    const waiting = Promise.withResolvers<IteratorResult<T, undefined>>();
    this.#waiting.push(waiting);
    return await waiting.promise;
  }

  async return(): Promise<IteratorResult<T, undefined>> {
    this.#values = [];
    this.#head = 0;
    this.end();
    await Promise.resolve();
    return done;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  #take(): IteratorResult<T, undefined> {
    const value = this.#values[this.#head];
    this.#head += 1;
    this.#trim();
    return value === undefined ? done : { done: false, value };
  }

  #trim(): void {
    if (this.#head < this.#size && this.#head < this.#values.length) return;
    this.#values.splice(0, this.#head);
    this.#head = 0;
  }

  #finish(outcome: Outcome): void {
    if (this.#outcome !== undefined) return;
    this.#outcome = outcome;
    this.#unlink();
    for (const waiting of this.#waiting.splice(0)) {
      if (outcome.kind === "failed") waiting.reject(outcome.reason);
      else waiting.resolve(done);
    }
    this.#onEnd();
  }
}
