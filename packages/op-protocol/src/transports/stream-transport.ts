import type { Readable, Writable } from "node:stream";
import { SocketReadable } from "op-core/streams";
import type { RpcMessage } from "../json-rpc/json-rpc-message.ts";
import { createLineReader } from "./line-reader.ts";
import type { Transport, TransportReceiver } from "./transport.ts";

/** How a transport over a pair of byte streams is made. */
export interface StreamTransportOptions {
  readonly input: Readable;
  readonly output: Writable;
  /** What kind of streams they are; `stdio` unless told. */
  readonly kind?: string;
  /** Longer messages are refused. */
  readonly maxMessageBytes?: number;
  /** The connection is given up when this much waits for a client that does not read. */
  readonly maxQueuedBytes?: number;
  /**
   * Whether those who send are woken one by one, as the clients of a web server are: while the other side is silent, what
   * they send until each of them had their turn leaves together. Not unless told.
   */
  readonly gathers?: boolean;
}

/** As the SDK's readers, so that what one side may send the other accepts. */
export const defaultMaxMessageBytes = 10 * 1024 * 1024;

const defaultMaxQueuedBytes = 64 * 1024 * 1024;

/** What is done then runs at the end of the turn; cheaper than `queueMicrotask`, which keeps track of its caller. */
const turn = Promise.resolve();

class StreamTransport implements Transport {
  readonly kind: string;
  readonly #input: Readable;
  readonly #output: Writable;
  readonly #maxMessageBytes: number;
  readonly #maxQueuedBytes: number;
  #receiver: TransportReceiver | undefined;
  readonly #gathers: boolean;
  #pending = "";
  /** Whether what is sent waits for the end of this round of the event loop. */
  #isGathering = false;
  /** Whether anything came since something left: who waits for an answer before each message sends one at a time. */
  #hasHeard = true;
  #isClosed = false;

  constructor(options: StreamTransportOptions) {
    this.kind = options.kind ?? "stdio";
    this.#input = options.input;
    this.#output = options.output;
    this.#maxMessageBytes = options.maxMessageBytes ?? defaultMaxMessageBytes;
    this.#maxQueuedBytes = options.maxQueuedBytes ?? defaultMaxQueuedBytes;
    this.#gathers = options.gathers ?? false;
  }

  start(receiver: TransportReceiver): void {
    this.#receiver = receiver;
    const reader = createLineReader({ maxMessageBytes: this.#maxMessageBytes, receiver });
    const push = (chunk: Buffer): void => {
      this.#hasHeard = true;
      if (!this.#isClosed) reader.push(chunk);
    };
    if (this.#input instanceof SocketReadable) this.#input.takeChunks(push);
    else this.#input.on("data", push);
    this.#input.once("end", () => {
      if (!this.#isClosed) receiver.ended?.();
    });
    this.#input.once("error", (error) => this.#close(error));
    this.#output.once("close", () => this.#close());
    this.#output.on("error", (error) => this.#close(error));
  }

  send(message: RpcMessage): void {
    if (this.#isClosed) return;
    // Messages of one turn leave in one write: a burst of answers costs one system call.
    if (this.#pending === "" && !this.#isGathering) void turn.then(this.#flush);
    this.#pending += `${JSON.stringify(message)}\n`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#flush();
    // Who was given up does not read what still waits for it.
    const isRead = !this.#isClosed && this.#output.writable;
    this.#close();
    this.#input.pause();
    if (isRead && this.#output.writableLength > 0) await this.#drained();
    // An input that stays open, such as stdin, would keep the process alive with nobody to serve.
    this.#input.destroy();
  }

  /** Resolves when everything was written or nobody reads any more. "drain" would not tell: it comes after a full buffer alone. */
  #drained(): Promise<void> {
    return new Promise<void>((resolve) => {
      this.#output.once("close", resolve).write("", () => resolve());
    });
  }

  readonly #flush = (): void => {
    const text = this.#pending;
    this.#pending = "";
    if (text === "" || this.#output.destroyed || !this.#output.writable) return;
    this.#output.write(text);
    if (this.#gathers && !this.#hasHeard) this.#gather();
    this.#hasHeard = false;
    if (this.#output.writableLength > this.#maxQueuedBytes) {
      this.#close(
        new Error(`the client does not read: ${this.#output.writableLength} bytes wait for it`),
      );
    }
  };

  #gather(): void {
    if (this.#isGathering) return;
    this.#isGathering = true;
    setImmediate(() => {
      this.#isGathering = false;
      this.#flush();
    });
  }

  #close(reason?: Error): void {
    if (this.#isClosed) return;
    this.#flush();
    this.#isClosed = true;
    this.#receiver?.closed(reason);
  }
}

/** Carries newline-delimited JSON over a pair of streams: a process's standard streams, a socket, a pipe. */
export function createStreamTransport(options: StreamTransportOptions): Transport {
  return new StreamTransport(options);
}
