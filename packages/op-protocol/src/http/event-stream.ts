import type { Clock, Logger } from "op-core";
import type { SessionStore, StreamEvent, StreamKey } from "../sessions/session-store.ts";
import type { SseWriter } from "./sse-writer.ts";

/** What a stream that can be resumed is made of. */
export interface EventStreamOptions {
  readonly key: StreamKey;
  readonly store: SessionStore;
  readonly logger: Logger;
  /** How soon a client that lost the connection should come back. */
  readonly retryMs: number;
  /** Whether the client understands an event without data, by which it learns where to resume. */
  readonly isPrimed: boolean;
  readonly clock: Clock;
  /** A connection is ended after this long, where the client knows how to come back. */
  readonly maxConnectionMs: number | undefined;
}

/** Where a client was on a stream. */
export interface StreamPosition {
  readonly stream: string;
  readonly after: number;
}

const eventId = /^(?<stream>[A-Za-z0-9_-]{1,64})\.(?<sequence>\d{1,15})$/u;

/** Reads a Last-Event-ID; nothing when it is none of ours. */
export function parseEventId(text: string): StreamPosition | undefined {
  const groups = eventId.exec(text)?.groups;
  const stream = groups?.["stream"];
  return stream === undefined ? undefined : { stream, after: Number(groups?.["sequence"]) };
}

/** Writes events with ids by which a client can go on where it was. */
export function writeEvent(writer: SseWriter, stream: string, event: StreamEvent): void {
  writer.write({ data: event.data, id: `${stream}.${event.sequence}` });
}

/** A stream of messages that outlives its connection: what is sent meanwhile is kept and sent to whoever resumes it. */
export class EventStream {
  readonly #options: EventStreamOptions;
  #writer: SseWriter | undefined;
  #sequence = 0;
  #stored: Promise<void> = Promise.resolve();
  #isEnded = false;

  constructor(options: EventStreamOptions) {
    this.#options = options;
  }

  get name(): string {
    return this.#options.key.stream;
  }

  /** Whether somebody reads it now. */
  get isRead(): boolean {
    return this.#writer?.isOpen === true;
  }

  /** Begins, for a client that is connected. */
  open(writer: SseWriter): void {
    const { isPrimed, retryMs } = this.#options;
    if (isPrimed) writer.write({ data: "", id: `${this.name}.0`, retryMs });
    this.#attach(writer);
  }

  /** Sends a message, as JSON, now or when somebody resumes. */
  send(data: string): void {
    if (this.#isEnded) return;
    this.#sequence += 1;
    const event = { sequence: this.#sequence, data };
    this.#keep((store, key) => store.append(key, event));
    if (this.#writer !== undefined) writeEvent(this.#writer, this.name, event);
  }

  /**
   * Goes on for a client that lost the connection, which is answered when everything it missed is at hand. Whether that
   * is possible.
   */
  async resume(after: number, open: () => SseWriter): Promise<boolean> {
    const { store, key } = this.#options;
    const missed: StreamEvent[] = [];
    let last = after;
    // More may be sent while the store is asked.
    while (last < this.#sequence) {
      await this.#stored;
      const replay = await store.replay(key, last);
      missed.push(...(replay?.events ?? []));
      const reached = missed.at(-1)?.sequence ?? last;
      if (reached === last) return false;
      last = reached;
    }
    const writer = open();
    for (const event of missed) writeEvent(writer, this.name, event);
    if (this.#isEnded) writer.end();
    else this.#attach(writer);
    return true;
  }

  /** Says that nothing more comes. */
  end(): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#keep((store, key) => store.end(key));
    this.#writer?.end();
  }

  #attach(writer: SseWriter): void {
    this.#writer?.end();
    this.#writer = writer;
    const { isPrimed, clock, maxConnectionMs, retryMs } = this.#options;
    if (!isPrimed || maxConnectionMs === undefined) return;
    const timer = clock.startTimer(maxConnectionMs, () => {
      writer.write({ retryMs });
      writer.end();
    });
    timer.unref();
    writer.onClosed(() => timer[Symbol.dispose]());
  }

  /** In order, whatever time each takes. A store that fails costs the resumption, never the stream. */
  #keep(work: (store: SessionStore, key: StreamKey) => Promise<void>): void {
    const { store, key, logger } = this.#options;
    this.#stored = this.#stored
      .then(() => work(store, key))
      .catch((error: unknown) => logger.warn("an event could not be kept", { error }));
  }
}
