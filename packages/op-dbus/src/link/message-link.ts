import { DisconnectedError, MalformedMessageError } from "../dbus-error.ts";
import { encodeMessage, type OutgoingMessage } from "../wire/encode-message.ts";
import type { Message } from "../wire/message.ts";
import { MessageSplitter } from "../wire/message-splitter.ts";
import { WireWriter } from "../wire/wire-writer.ts";
import type { ByteChannel } from "./byte-channel.ts";

/** Whole messages beyond this are written at once instead of at the end of the tick. */
const flushBytes = 256 * 1024;

/** Senders that can wait do so while more than this is unsent. */
const highWaterBytes = 1024 * 1024;

/** How large messages may be. */
export interface MessageLimits {
  readonly maxSendBytes: number;
  readonly maxReceiveBytes: number;
}

/** Where a link's messages go. */
export interface MessageReceiver {
  message(message: Message): void;
  /** The link is gone; called once. */
  closed(error: Error | undefined): void;
}

/** Messages over an authenticated channel. What is sent in one tick leaves in one write. */
export class MessageLink implements Disposable {
  readonly #channel: ByteChannel;
  readonly #limits: MessageLimits;
  readonly #writer: WireWriter;
  #serial = 0;
  #isFlushPlanned = false;
  #isClosed = false;

  constructor(channel: ByteChannel, limits: MessageLimits) {
    this.#channel = channel;
    this.#limits = limits;
    this.#writer = new WireWriter(limits.maxSendBytes);
  }

  /** Begins to give messages to a receiver. Bytes that are no message end the link. */
  start(receiver: MessageReceiver): void {
    const splitter = new MessageSplitter(this.#limits.maxReceiveBytes);
    const deliver = (message: Message): void => {
      if (!this.#isClosed) receiver.message(message);
    };
    this.#channel.setReceiver({
      bytes: (chunk) => {
        if (this.#isClosed) return;
        try {
          splitter.push(chunk, deliver);
        } catch (error) {
          if (!(error instanceof MalformedMessageError)) throw error;
          this.#isClosed = true;
          this.#channel.destroy(error);
        }
      },
      closed: (error) => {
        this.#isClosed = true;
        receiver.closed(error);
      },
    });
  }

  /** A serial number that was not used before, until four billion messages have been sent. */
  nextSerial(): number {
    this.#serial = this.#serial === 0xff_ff_ff_ff ? 1 : this.#serial + 1;
    return this.#serial;
  }

  /** Sends a message before the tick ends; throws when it cannot be written. */
  send(message: OutgoingMessage): void {
    if (this.#isClosed) throw new DisconnectedError("Sending a message", { wasSent: false });
    encodeMessage(this.#writer, message, this.#limits.maxSendBytes);
    if (this.#writer.pendingBytes >= flushBytes) this.#flush();
    else if (!this.#isFlushPlanned) {
      this.#isFlushPlanned = true;
      process.nextTick(this.#endTick);
    }
  }

  /** Resolves when the other side keeps up with reading. */
  async whenWritable(): Promise<void> {
    if (this.#channel.unsentBytes > highWaterBytes) await this.#channel.whenDrained();
  }

  /** Sends what waits, then closes. */
  [Symbol.dispose](): void {
    this.#flush();
    this.#isClosed = true;
    this.#channel[Symbol.dispose]();
  }

  readonly #endTick = (): void => {
    this.#isFlushPlanned = false;
    this.#flush();
  };

  #flush(): void {
    if (this.#writer.pendingBytes === 0) return;
    this.#channel.write(this.#writer.take());
    if (this.#channel.unsentBytes === 0) this.#writer.release();
  }
}
