import { createLastNames, decodeMessage } from "./decode-message.ts";
import { byteOrders, fixedHeaderBytes, protocolVersion } from "./limits.ts";
import type { Message } from "./message.ts";
import { malformed, WireReader } from "./wire-reader.ts";

const firstRoomBytes = 64 * 1024;
const nothing = Buffer.alloc(0);

/**
 * Cuts a stream of bytes into messages. Whole messages are read where they lie, so the chunk may be overwritten when
 * `push` returns. Of a message that is not complete only what has come is kept, whatever length it claims to have.
 */
export class MessageSplitter {
  readonly #maxMessageBytes: number;
  readonly #reader = new WireReader();
  readonly #lastNames = createLastNames();
  #partial = nothing;
  #partialBytes = 0;

  constructor(maxMessageBytes: number) {
    this.#maxMessageBytes = maxMessageBytes;
  }

  /** Calls back with each message that is complete; throws `ERR_DBUS_MALFORMED`, after which it is of no more use. */
  push(chunk: Buffer, receive: (message: Message) => void): void {
    let rest = chunk;
    while (this.#partialBytes > 0 && rest.length > 0) rest = this.#complete(rest, receive);
    let start = 0;
    while (rest.length - start >= fixedHeaderBytes) {
      const bytes = this.#measure(rest, start);
      if (rest.length - start < bytes) break;
      receive(this.#decode(rest, start, bytes));
      start += bytes;
    }
    if (start < rest.length) this.#keep(rest.subarray(start));
  }

  /** Adds to the message that began in an earlier chunk, and returns what does not belong to it. */
  #complete(chunk: Buffer, receive: (message: Message) => void): Buffer {
    if (this.#partialBytes < fixedHeaderBytes) {
      const missing = fixedHeaderBytes - this.#partialBytes;
      this.#keep(chunk.subarray(0, missing));
      if (chunk.length < missing) return nothing;
      return this.#complete(chunk.subarray(missing), receive);
    }
    const bytes = this.#measure(this.#partial, 0);
    const missing = bytes - this.#partialBytes;
    this.#keep(chunk.subarray(0, missing));
    if (this.#partialBytes === bytes) {
      const message = this.#decode(this.#partial, 0, bytes);
      this.#partial = nothing;
      this.#partialBytes = 0;
      receive(message);
    }
    return chunk.subarray(missing);
  }

  #keep(chunk: Buffer): void {
    const needed = this.#partialBytes + chunk.length;
    if (needed > this.#partial.length) {
      const room = Math.max(needed, firstRoomBytes, this.#partial.length * 2);
      const grown = Buffer.allocUnsafeSlow(room);
      this.#partial.copy(grown, 0, 0, this.#partialBytes);
      this.#partial = grown;
    }
    chunk.copy(this.#partial, this.#partialBytes);
    this.#partialBytes = needed;
  }

  /** How many bytes the message that begins here has, its header's word for it checked. */
  #measure(buffer: Buffer, start: number): number {
    const order = buffer[start];
    if (order !== byteOrders.little && order !== byteOrders.big) {
      throw malformed("its byte order is unknown");
    }
    if (buffer[start + 3] !== protocolVersion) throw malformed("its protocol version is unknown");
    const isLittle = order === byteOrders.little;
    const read = (at: number): number =>
      isLittle ? buffer.readUInt32LE(at) : buffer.readUInt32BE(at);
    const headerBytes = fixedHeaderBytes + Math.ceil(read(start + 12) / 8) * 8;
    const bytes = headerBytes + read(start + 4);
    if (bytes > this.#maxMessageBytes) {
      throw malformed(`it claims ${bytes} bytes, more than the ${this.#maxMessageBytes} allowed`);
    }
    return bytes;
  }

  #decode(buffer: Buffer, start: number, bytes: number): Message {
    this.#reader.reset(buffer, start, start + bytes, buffer[start] === byteOrders.little);
    return decodeMessage(this.#reader, this.#lastNames);
  }
}
