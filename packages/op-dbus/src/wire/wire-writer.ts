import { MessageTooLargeError } from "../dbus-error.ts";
import type { MessageHeader } from "./message.ts";

const initialBytes = 64 * 1024;

/** A buffer that has grown beyond this is not kept. */
const keptBytes = 1024 * 1024;

/** A header and, once it was needed twice, its bytes. */
export interface WrittenHeader {
  readonly header: MessageHeader;
  bytes: Uint8Array | undefined;
}

/**
 * Writes messages, one after another, into one growing buffer, in little-endian order. Alignment counts from where the
 * message began. Numbers are written byte by byte, which V8 compiles better than calls into the buffer.
 */
export class WireWriter {
  readonly #maxMessageBytes: number;
  #buffer = Buffer.allocUnsafeSlow(initialBytes);
  #position = 0;
  /** What was taken last from the beginning of the buffer. */
  #view = this.#buffer;
  /** Where the current message begins. */
  #start = 0;
  /** What lies before it was handed over. */
  #taken = 0;
  /** The header that was written last; whoever writes headers keeps it here. */
  lastHeader: WrittenHeader | undefined;

  constructor(maxMessageBytes: number) {
    this.#maxMessageBytes = maxMessageBytes;
  }

  /** How many bytes of the current message there are. */
  get length(): number {
    return this.#position - this.#start;
  }

  /** How many bytes of whole messages wait to be taken. */
  get pendingBytes(): number {
    return this.#start - this.#taken;
  }

  /** Keeps what was written since the last call as a message. */
  commit(): void {
    this.#start = this.#position;
  }

  /** Forgets what was written since the last message. */
  rollback(): void {
    this.#position = this.#start;
  }

  /** Hands over all whole messages; the bytes stay as they are until they are released. */
  take(): Buffer {
    const from = this.#taken;
    this.#taken = this.#start;
    if (from > 0) return this.#buffer.subarray(from, this.#start);
    // Most messages are as long as the one before, and making a view costs more than looking.
    if (this.#view.length !== this.#start || this.#view.buffer !== this.#buffer.buffer) {
      this.#view = this.#buffer.subarray(0, this.#start);
    }
    return this.#view;
  }

  /** Lets everything that was taken be overwritten. */
  release(): void {
    if (this.#position > this.#taken) return;
    this.#position = 0;
    this.#start = 0;
    this.#taken = 0;
    if (this.#buffer.length > keptBytes) this.#buffer = Buffer.allocUnsafeSlow(initialBytes);
  }

  align(alignment: number): void {
    const { length } = this;
    const padded = (length + alignment - 1) & -alignment;
    this.#reserve(padded - length);
    const end = this.#start + padded;
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

  /** A copy of the current message, as far as it is written. */
  copy(): Uint8Array {
    return new Uint8Array(this.#buffer.subarray(this.#start, this.#position));
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
    // What was taken stays where it is, in the buffer that is left.
    const room = needed - this.#taken;
    const { length } = this.#buffer;
    const grown = Buffer.allocUnsafeSlow(room <= length / 2 ? length : Math.max(room, length * 2));
    this.#buffer.copy(grown, 0, this.#taken, this.#position);
    this.#buffer = grown;
    this.#position -= this.#taken;
    this.#start -= this.#taken;
    this.#taken = 0;
  }
}
