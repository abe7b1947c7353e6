import type { OnReadOpts, Socket } from "node:net";
import { Readable } from "node:stream";

const bufferBytes = 65_536;
/** One for all sockets: what was read is used or copied before anything else is read. */
let sharedBuffer: Buffer | undefined;

/** Takes the bytes up to a length, before it returns: then others are read into their place. */
export type TakeBytes = (buffer: Buffer, length: number) => void;

/** What a socket reads, as a stream; see {@link readSocket}. */
export class SocketReadable extends Readable {
  readonly #socket: Socket;
  readonly #buffer: Buffer;
  #take: TakeBytes | undefined;

  constructor(open: (onread: OnReadOpts) => Socket) {
    super();
    const buffer = (sharedBuffer ??= Buffer.allocUnsafeSlow(bufferBytes));
    this.#buffer = buffer;
    this.#socket = open({ buffer, callback: (length) => this.#receive(length) })
      .once("end", () => this.push(null))
      .once("error", (error) => this.destroy(error))
      .once("close", () => {
        if (!this.#socket.readableEnded) this.destroy();
      });
  }

  /** Calls back with all that comes, instead of being a stream of chunks; that it ended is still told by `end`. */
  takeBytes(take: TakeBytes): void {
    this.#take = take;
    for (let chunk: unknown = this.read(); chunk instanceof Buffer; chunk = this.read())
      take(chunk, chunk.length);
    this.resume();
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#socket.destroy();
    done(error);
  }

  /** Whether more may come at once. */
  #receive(length: number): boolean {
    if (this.#take === undefined) return this.push(Buffer.from(this.#buffer.subarray(0, length)));
    this.#take(this.#buffer, length);
    return true;
  }
}

/**
 * Reads a socket that is opened with the given `onread`, is read by nobody else, and is destroyed with the stream. Node
 * makes a new buffer of 64 KB for each read of a socket; this reads into the same one each time and keeps what came,
 * which for the short messages of a protocol costs a fraction.
 */
export function readSocket(open: (onread: OnReadOpts) => Socket): SocketReadable {
  return new SocketReadable(open);
}
