import { formatError, type Clock, type Logger, sleep } from "op-core";
import type { AuditMessage, AuditSink } from "./audit-sink.ts";

/** How a sink is doing. */
export interface SinkState {
  readonly name: string;
  readonly isHealthy: boolean;
  readonly queued: number;
  /** Messages it never got, because it was away too long. */
  readonly dropped: number;
}

/** What a queue takes. */
export interface SinkQueueOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Beyond this the oldest messages are dropped and counted; 10,000 unless told. */
  readonly maxQueued?: number;
  /** How long to wait after a failure before trying again; a second unless told. */
  readonly retryMs?: number;
  /** How long closing waits for the sink to take the rest; two seconds unless told. */
  readonly closeTimeoutMs?: number;
}

const mostAtOnce = 256;

/**
 * Feeds a sink in its own time. The log never waits for it, and a sink that is slow, away or broken concerns neither the
 * log nor the other sinks: it is tried again, and what it missed is counted.
 */
export class SinkQueue implements AsyncDisposable {
  readonly #sink: AuditSink;
  readonly #options: Required<SinkQueueOptions>;
  readonly #closing = new AbortController();
  #queue: AuditMessage[] = [];
  #dropped = 0;
  #isHealthy = true;
  #running: Promise<void> | undefined;
  #isClosed = false;

  constructor(sink: AuditSink, options: SinkQueueOptions) {
    this.#sink = sink;
    this.#options = { maxQueued: 10_000, retryMs: 1000, closeTimeoutMs: 2000, ...options };
  }

  get state(): SinkState {
    const { name } = this.#sink;
    const queued = this.#queue.length;
    return { name, isHealthy: this.#isHealthy, queued, dropped: this.#dropped };
  }

  /** Adds messages; they are sent in order. */
  push(messages: readonly AuditMessage[]): void {
    this.#queue.push(...messages);
    const excess = this.#queue.length - this.#options.maxQueued;
    if (excess > 0) {
      this.#queue.splice(0, excess);
      this.#dropped += excess;
    }
    this.#running ??= this.#run();
  }

  /** Sends what is left, as far as the time for closing allows, and closes the sink. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const { clock, closeTimeoutMs } = this.#options;
    using _timer = clock.startTimer(closeTimeoutMs, () => this.#closing.abort());
    await this.#running;
    try {
      await this.#sink[Symbol.asyncDispose]();
    } catch (error) {
      this.#log(error);
    }
  }

  async #run(): Promise<void> {
    while (this.#queue.length > 0 && !this.#closing.signal.aborted) {
      const batch = this.#queue.slice(0, mostAtOnce);
      if (await this.#send(batch)) {
        // Some may have been dropped meanwhile, from the front as well.
        const sent = new Set(batch);
        this.#queue = this.#queue.filter((message) => !sent.has(message));
      } else {
        await this.#pause();
      }
    }
    this.#running = undefined;
  }

  async #send(batch: readonly AuditMessage[]): Promise<boolean> {
    try {
      await this.#sink.write(batch, { signal: this.#closing.signal });
      this.#isHealthy = true;
      return true;
    } catch (error) {
      if (this.#isHealthy) this.#log(error);
      this.#isHealthy = false;
      return false;
    }
  }

  async #pause(): Promise<void> {
    const { clock, retryMs } = this.#options;
    try {
      await sleep(retryMs, { clock, signal: this.#closing.signal });
    } catch {
      // Closing ends the wait; the loop sees it.
    }
  }

  #log(error: unknown): void {
    this.#options.logger.error("An audit sink failed.", {
      sink: this.#sink.name,
      error: formatError(error),
    });
  }
}
