import { abortable, isOpError, sleep, type Clock } from "op-core";
import type { EventStream, Signal } from "../../connection/bus-connection.ts";
import { EventRing, type BusEvent, type EventPage, type EventPosition } from "./event-ring.ts";
import { mergingOf } from "./signal-event.ts";

/** What one subscription is made of. */
export interface EventSubscriptionOptions {
  /** Tells this subscription from an earlier one of the same signals, whose positions mean nothing here. */
  readonly epoch: string;
  readonly stream: EventStream<Signal>;
  /** What a signal is told as; nothing for one that may not be told. */
  readonly toEvent: (signal: Signal) => BusEvent | undefined;
  readonly ringSize: number;
  readonly clock: Clock;
  /** Called after each event that came in. */
  readonly onEvent?: () => void;
}

/** How events are read. */
export interface ReadEventsOptions {
  readonly limit: number;
  /** Waits so long for the first event when there is none. */
  readonly waitMs: number;
  readonly signal: AbortSignal;
}

/** Signals that are taken in from now on and kept in a ring for whoever asks. */
export class EventSubscription implements AsyncDisposable {
  readonly epoch: string;
  readonly #options: EventSubscriptionOptions;
  readonly #ring: EventRing;
  readonly #reading: Promise<void>;
  #arrival = Promise.withResolvers<void>();
  #hasEnded = false;

  constructor(options: EventSubscriptionOptions) {
    this.#options = options;
    this.epoch = options.epoch;
    this.#ring = new EventRing(options.ringSize);
    this.#reading = this.#read();
  }

  /** Where events that come from now on begin. */
  mark(): EventPosition {
    return this.#ring.mark();
  }

  /** How many events came that are no longer kept, or that came faster than they could be taken in. */
  get dropped(): number {
    return this.#ring.dropped;
  }

  /** Whether no further event can come. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** The events from a position on; with none there, waits for the first. */
  async read(
    position: EventPosition,
    { limit, waitMs, signal }: ReadEventsOptions,
  ): Promise<EventPage> {
    const page = this.#ring.since(position, limit);
    if (page.events.length > 0 || waitMs === 0 || this.#hasEnded) return page;
    await this.#waitForOne(waitMs, signal);
    return this.#ring.since(position, limit);
  }

  /** The last events, oldest first, without counting them as read. */
  peek(count: number): readonly BusEvent[] {
    return this.#ring.last(count);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#options.stream[Symbol.asyncDispose]();
    await this.#reading;
  }

  async #waitForOne(waitMs: number, signal: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    const leaving = new AbortController();
    const waiting = sleep(waitMs, { clock, signal: leaving.signal }).catch(() => undefined); // Woken earlier.
    try {
      await abortable(Promise.race([this.#arrival.promise, waiting]), signal);
    } finally {
      leaving.abort();
    }
  }

  async #read(): Promise<void> {
    const { stream, toEvent, onEvent } = this.#options;
    let dropped = 0;
    for await (const signal of stream) {
      this.#ring.countLost(stream.dropped - dropped);
      ({ dropped } = stream);
      const event = tryToTell(() => toEvent(signal));
      if (event === undefined) continue;
      this.#ring.push(event, mergingOf(event));
      this.#wake();
      onEvent?.();
    }
    this.#hasEnded = true;
    this.#wake();
  }

  #wake(): void {
    this.#arrival.resolve();
    this.#arrival = Promise.withResolvers();
  }
}

/** A signal whose values make no sense is none. */
function tryToTell(tell: () => BusEvent | undefined): BusEvent | undefined {
  try {
    return tell();
  } catch (error) {
    if (isOpError(error)) return undefined;
    throw error;
  }
}
