/** Where a channel's bytes go. */
export interface ByteReceiver {
  /** Takes what arrived; the bytes are overwritten when it returns. */
  bytes(chunk: Buffer): void;
  /** The channel is gone; called once, and nothing comes after it. */
  closed(error: Error | undefined): void;
}

/** Bytes in both directions. Disposing it sends what waits and closes it. */
export interface ByteChannel extends Disposable {
  /** How many bytes wait for the other side to read. */
  readonly unsentBytes: number;
  /** Whom everything goes to from now on. */
  setReceiver(receiver: ByteReceiver): void;
  /** Sends bytes, which belong to the channel until it has nothing unsent. */
  write(bytes: Buffer): void;
  /** Resolves when nothing waits to be sent, or when the channel is gone. */
  whenDrained(): Promise<void>;
  /** Closes at once, without sending what waits. */
  destroy(error?: Error): void;
}
