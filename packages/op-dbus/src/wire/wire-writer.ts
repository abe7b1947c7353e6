import { MessageTooLargeError } from "../dbus-error.ts";

const initialBytes = 64 * 1024;

/** Messages shorter than this are copied out of the buffer, so that the buffer can be used again at once. */
const copiedBytes = 16 * 1024;

/**
 * Writes messages, one after another, into one growing buffer, in little-endian order. Alignment counts from where the
 * message began. Numbers are written byte by byte, which V8 compiles better than calls into the buffer.
 */
export class WireWriter {
  readonly #maxMessageBytes: number;
  #buffer = Buffer.allocUnsafeSlow(initialBytes);
  #position = 0;
  #start = 0;

  constructor(maxMessageBytes: number) {
    this.#maxMessageBytes = maxMessageBytes;
  }

  /** How many bytes of the current message there are. */
  get length(): number {
    return this.#position - this.#start;
  }

  /** How many bytes of whole messages wait to be taken. */
  get pendingBytes(): number {
    return this.#start;
  }

  /** Keeps what was written since the last call as a message. */
  commit(): void {
    this.#start = this.#position;
  }

  /** Forgets what was written since the last message. */
  rollback(): void {
    this.#position = this.#start;
  }

  /** Hands over all whole messages; the bytes belong to the caller. */
  take(): Buffer {
    const taken = this.#buffer.subarray(0, this.#start);
    this.#position = 0;
    this.#start = 0;
    if (taken.length <= copiedBytes) return Buffer.from(taken);
    this.#buffer = Buffer.allocUnsafeSlow(initialBytes);
    return taken;
  }

  align(alignment: number): void {
    const end = this.#start + ((this.#position - this.#start + alignment - 1) & -alignment);
    this.#reserve(end - this.#position);
    while (this.#position < end) this.#buffer[this.#position++] = 0;
  }

  uint8(value: number): void {
    this.#reserve(1);
    this.#buffer[this.#position++] = value;
  }

  uint16(value: number): void {
    this.align(2);
    this.#reserve(2);
    this.#buffer[this.#position++] = value;
    this.#buffer[this.#position++] = value >>> 8;
  }

  uint32(value: number): void {
    this.align(4);
    this.#reserve(4);
    this.#put32(this.#position, value);
    this.#position += 4;
  }

  /** The two's complement of a signed number is the same as an unsigned one's bits. */
  uint64(value: bigint): void {
    this.align(8);
    this.#reserve(8);
    this.#buffer.writeBigUInt64LE(BigInt.asUintN(64, value), this.#position);
    this.#position += 8;
  }

  double(value: number): void {
    this.align(8);
    this.#reserve(8);
    this.#buffer.writeDoubleLE(value, this.#position);
    this.#position += 8;
  }

  /** Writes text that was checked to be well-formed and free of NUL. */
  string(text: string): void {
    this.align(4);
    this.#reserve(text.length * 3 + 5);
    const at = this.#position + 4;
    const bytes = this.#writeText(text, at);
    this.#put32(this.#position, bytes);
    this.#buffer[at + bytes] = 0;
    this.#position = at + bytes + 1;
  }

  signature(text: string): void {
    this.#reserve(text.length + 2);
    this.#buffer[this.#position++] = text.length;
    for (let index = 0; index < text.length; index += 1) {
      this.#buffer[this.#position++] = text.charCodeAt(index);
    }
    this.#buffer[this.#position++] = 0;
  }

  bytes(value: Uint8Array): void {
    this.#reserve(value.length);
    this.#buffer.set(value, this.#position);
    this.#position += value.length;
  }

  /** Overwrites four bytes of the current message that were written before. */
  patch32(offset: number, value: number): void {
    this.#put32(this.#start + offset, value);
  }

  #writeText(text: string, at: number): number {
    // Calling into the buffer costs more than copying a short name by hand.
    if (text.length < 48) {
      let index = 0;
      for (; index < text.length; index += 1) {
        const code = text.charCodeAt(index);
        if (code > 127) break;
        this.#buffer[at + index] = code;
      }
      if (index === text.length) return index;
    }
    return this.#buffer.write(text, at, "utf8");
  }

  #put32(at: number, value: number): void {
    const buffer = this.#buffer;
    buffer[at] = value;
    buffer[at + 1] = value >>> 8;
    buffer[at + 2] = value >>> 16;
    buffer[at + 3] = value >>> 24;
  }

  #reserve(bytes: number): void {
    const needed = this.#position + bytes;
    if (needed > this.#buffer.length) this.#grow(needed);
  }

  #grow(needed: number): void {
    if (needed - this.#start > this.#maxMessageBytes * 3 + initialBytes) {
      throw new MessageTooLargeError(this.#maxMessageBytes);
    }
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, this.#buffer.length * 2));
    this.#buffer.copy(grown, 0, 0, this.#position);
    this.#buffer = grown;
  }
}
