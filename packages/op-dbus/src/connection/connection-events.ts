import type { ConnectionEvent, EventStream, SubscribeOptions } from "./bus-connection.ts";
import { EventBuffer } from "./event-buffer.ts";

const defaultBufferSize = 256;

/** What a connection tells everybody who follows it. */
export class ConnectionEvents {
  readonly #buffers = new Set<EventBuffer<ConnectionEvent>>();
  #hasEnded = false;

  /** A stream of what is told from now on. */
  open({ signal, bufferSize = defaultBufferSize }: SubscribeOptions): EventStream<ConnectionEvent> {
    signal?.throwIfAborted();
    const buffer: EventBuffer<ConnectionEvent> = new EventBuffer({
      size: bufferSize,
      signal,
      onEnd: () => this.#buffers.delete(buffer),
    });
    this.#buffers.add(buffer);
    if (this.#hasEnded) buffer.end();
    return buffer;
  }

  tell(event: ConnectionEvent): void {
    for (const buffer of this.#buffers) buffer.push(event);
  }

  /** Ends all streams, and those opened later at once. */
  end(): void {
    this.#hasEnded = true;
    for (const buffer of this.#buffers) buffer.end();
  }
}
