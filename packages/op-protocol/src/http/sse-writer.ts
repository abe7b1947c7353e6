import type { ServerResponse } from "node:http";
import type { Clock, Timer } from "op-core";
import { hasStalled, writtenTo } from "./slow-client.ts";

/** How event streams are written. */
export interface SseRules {
  readonly clock: Clock;
  /** A comment is sent this often, so that nobody in between takes the connection for dead. */
  readonly keepAliveMs: number;
  /** A client that lets more than this wait is given up. */
  readonly maxQueuedBytes: number;
}

/** One event. Without data it tells the client nothing but where to resume and when. */
export interface SseEvent {
  readonly data?: string;
  readonly id?: string;
  readonly name?: string;
  /** How long the client should wait before it connects again. */
  readonly retryMs?: number;
}

const streamHeaders = {
  "content-type": "text/event-stream",
  "cache-control": "no-cache, no-transform",
  // Proxies such as nginx would keep events back otherwise.
  "x-accel-buffering": "no",
} as const;

function toText({ data, id, name, retryMs }: SseEvent): string {
  let text = "";
  if (name !== undefined) text += `event: ${name}\n`;
  if (id !== undefined) text += `id: ${id}\n`;
  if (retryMs !== undefined) text += `retry: ${retryMs}\n`;
  if (data !== undefined) text += `data: ${data}\n`;
  return `${text}\n`;
}

/** Writes an answer as server-sent events. Opening it sends the headers. */
export class SseWriter {
  readonly #res: ServerResponse;
  readonly #rules: SseRules;
  #keepAlive: Timer;
  #lastWritten = 0;
  /** Events of this turn, which leave together: each chunk costs both sides as much as many events do. */
  #leaving = "";

  constructor(
    res: ServerResponse,
    rules: SseRules,
    headers: Readonly<Record<string, string>> = {},
  ) {
    this.#res = res;
    this.#rules = rules;
    this.#keepAlive = this.#startKeepAlive();
    res.writeHead(200, { ...streamHeaders, ...headers });
    res.flushHeaders();
    this.onClosed(() => this.#keepAlive[Symbol.dispose]());
  }

  get isOpen(): boolean {
    return !this.#res.writableEnded && !this.#res.destroyed;
  }

  /** Calls back when the stream is over, whoever ended it. */
  onClosed(listener: () => void): void {
    if (this.#res.closed) listener();
    else this.#res.once("close", listener);
  }

  write(event: SseEvent): void {
    if (!this.isOpen) return;
    // What waited before this event counts, so that one large message alone does not look like a slow client.
    if (this.#res.writableLength + this.#leaving.length > this.#rules.maxQueuedBytes) {
      this.#res.destroy();
      return;
    }
    if (this.#leaving === "") process.nextTick(() => this.#flush());
    this.#leaving += toText(event);
  }

  end(): void {
    this.#keepAlive[Symbol.dispose]();
    if (this.isOpen) this.#res.end(this.#takeLeaving());
  }

  #flush(): void {
    const text = this.#takeLeaving();
    if (text !== "" && this.isOpen) this.#res.write(text);
  }

  #takeLeaving(): string {
    const text = this.#leaving;
    this.#leaving = "";
    return text;
  }

  #startKeepAlive(): Timer {
    const { clock, keepAliveMs } = this.#rules;
    const timer = clock.startTimer(keepAliveMs, () => this.#check());
    timer.unref();
    return timer;
  }

  /** A client that took nothing since the last time while something waits for it will not come back. */
  #check(): void {
    if (!this.isOpen) return;
    if (hasStalled(this.#res, this.#lastWritten)) {
      this.#res.destroy();
      return;
    }
    this.#lastWritten = writtenTo(this.#res);
    this.#res.write(":\n\n");
    this.#keepAlive = this.#startKeepAlive();
  }
}
