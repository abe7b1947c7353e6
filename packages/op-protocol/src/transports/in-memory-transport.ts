import type { RpcMessage } from "../json-rpc/json-rpc-message.ts";
import type { Transport, TransportReceiver } from "./transport.ts";

class InMemoryTransport implements Transport {
  readonly kind = "memory";
  peer: InMemoryTransport | undefined;
  #receiver: TransportReceiver | undefined;
  #inbox: string[] = [];
  #isClosed = false;

  start(receiver: TransportReceiver): void {
    this.#receiver = receiver;
    if (this.#isClosed) queueMicrotask(() => receiver.closed());
    else this.#deliverLater();
  }

  send(message: RpcMessage): void {
    if (!this.#isClosed) this.peer?.accept(JSON.stringify(message));
  }

  accept(text: string): void {
    if (this.#isClosed) return;
    this.#inbox.push(text);
    if (this.#inbox.length === 1) this.#deliverLater();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Who leaves has no use for what it has not read.
    this.#inbox = [];
    this.close();
    // The other side sees the end after what was sent before it, as on a real wire.
    queueMicrotask(() => this.peer?.close());
    await Promise.resolve();
  }

  close(): void {
    if (this.#isClosed) return;
    this.#deliver();
    this.#isClosed = true;
    this.#receiver?.closed();
  }

  #deliverLater(): void {
    queueMicrotask(() => this.#deliver());
  }

  #deliver(): void {
    if (this.#receiver === undefined || this.#isClosed) return;
    const texts = this.#inbox;
    this.#inbox = [];
    for (const text of texts) {
      if (this.#isClosed) return;
      this.#receiver.message(JSON.parse(text));
    }
  }
}

/**
 * Two transports, each the other's far end. Messages are copied through JSON, so that neither side can see what the
 * wire could not carry.
 */
export function createInMemoryPair(): readonly [Transport, Transport] {
  const left = new InMemoryTransport();
  const right = new InMemoryTransport();
  left.peer = right;
  right.peer = left;
  return [left, right];
}
