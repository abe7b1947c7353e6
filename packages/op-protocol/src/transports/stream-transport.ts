import type { Readable, Writable } from "node:stream";
import { isJsonObject } from "op-core";
import { SocketReadable } from "op-core/streams";
import type { RpcMessage } from "../json-rpc/json-rpc-message.ts";
import { createLineReader, type LineReaderOptions } from "./line-reader.ts";
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
   * Whether those who ask are woken one by one, as the clients of a web server are: where several wait for answers, what
   * is sent after the first until each of them had their turn leaves together. Not unless told.
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
  /** Requests of this side without an answer; one that was given up may count for ever, and does no harm. */
  #unanswered = 0;
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
    const reader = createLineReader({
      maxMessageBytes: this.#maxMessageBytes,
      receiver: this.#gathers ? this.#countAnswers(receiver) : receiver,
    });
    const push = (bytes: Buffer, length: number): void => {
      if (!this.#isClosed) reader.push(bytes, length);
    };
    if (this.#input instanceof SocketReadable) this.#input.takeBytes(push);
    else this.#input.on("data", (chunk: Buffer) => push(chunk, chunk.length));
    this.#input.once("end", () => {
      if (!this.#isClosed) receiver.ended?.();
    });
    this.#input.once("error", (error) => this.#close(error));
    this.#output.once("close", () => this.#close());
    this.#output.on("error", (error) => this.#close(error));
  }

  send(message: RpcMessage): void {
    if (this.#isClosed) return;
    if ("method" in message && "id" in message) this.#unanswered += 1;
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
    // Who asks one thing at a time pays for no round of the loop.
    if (this.#gathers && this.#unanswered > 1) this.#gather();
    if (this.#output.writableLength > this.#maxQueuedBytes) {
      this.#close(
        new Error(`the client does not read: ${this.#output.writableLength} bytes wait for it`),
      );
    }
  };

  #countAnswers(receiver: TransportReceiver): LineReaderOptions["receiver"] {
    return {
      message: (value) => {
        if (isJsonObject(value) && !("method" in value) && this.#unanswered > 0)
          this.#unanswered -= 1;
        receiver.message(value);
      },
      malformed: (problem) => receiver.malformed(problem),
    };
  }

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
