import { isUtf8 } from "node:buffer";
import { MalformedMessageError } from "../dbus-error.ts";

/** Strings shorter than this are put together by hand, which costs less than calling into the buffer. */
const shortText = 24;

const replacement = "\u{FFFD}";

/** Reads one message in place, in either byte order. Alignment counts from where the message begins. */
export class WireReader {
  #buffer: Buffer = Buffer.alloc(0);
  #start = 0;
  #position = 0;
  #end = 0;
  #isLittle = true;

  /** Begins to read the message that lies between two positions of a buffer. */
  reset(buffer: Buffer, start: number, end: number, isLittle: boolean): void {
    this.#buffer = buffer;
    this.#start = start;
    this.#position = start;
    this.#end = end;
    this.#isLittle = isLittle;
  }

  /** How far into the message the reader is. */
  get offset(): number {
    return this.#position - this.#start;
  }

  /** How many bytes of the message are left. */
  get remaining(): number {
    return this.#end - this.#position;
  }

  align(alignment: number): void {
    const end = this.#start + ((this.#position - this.#start + alignment - 1) & -alignment);
    if (end > this.#end) throw malformed("it ends inside of padding");
    while (this.#position < end) {
      if (this.#buffer[this.#position++] !== 0) throw malformed("padding is not zero");
    }
  }

  uint8(): number {
    if (this.#position >= this.#end) throw truncated();
    return this.#buffer[this.#position++] ?? 0;
  }

  uint16(): number {
    this.align(2);
    const at = this.#take(2);
    return this.#isLittle ? this.#buffer.readUInt16LE(at) : this.#buffer.readUInt16BE(at);
  }

  uint32(): number {
    this.align(4);
    const at = this.#take(4);
    const buffer = this.#buffer;
    if (!this.#isLittle) return buffer.readUInt32BE(at);
    return (
      ((buffer[at] ?? 0) |
        ((buffer[at + 1] ?? 0) << 8) |
        ((buffer[at + 2] ?? 0) << 16) |
        ((buffer[at + 3] ?? 0) << 24)) >>>
      0
    );
  }

  uint64(): bigint {
    this.align(8);
    const at = this.#take(8);
    return this.#isLittle ? this.#buffer.readBigUInt64LE(at) : this.#buffer.readBigUInt64BE(at);
  }

  int64(): bigint {
    this.align(8);
    const at = this.#take(8);
    return this.#isLittle ? this.#buffer.readBigInt64LE(at) : this.#buffer.readBigInt64BE(at);
  }

  double(): number {
    this.align(8);
    const at = this.#take(8);
    return this.#isLittle ? this.#buffer.readDoubleLE(at) : this.#buffer.readDoubleBE(at);
  }

  string(): string {
    return this.#text(this.uint32());
  }

  /** Reads text that is probably the same as before; then it is that string itself, which must be ASCII. */
  stringLike(expected: string): string {
    const length = this.uint32();
    if (length !== expected.length || length >= this.remaining) return this.#text(length);
    const buffer = this.#buffer;
    const at = this.#position;
    for (let index = 0; index < length; index += 1) {
      if (buffer[at + index] !== expected.charCodeAt(index)) return this.#text(length);
    }
    if (buffer[at + length] !== 0) return this.#text(length);
    this.#position = at + length + 1;
    return expected;
  }

  signature(): string {
    return this.#text(this.uint8());
  }

  /** A copy: the buffer is used again for the next message. */
  bytes(length: number): Uint8Array {
    const at = this.#take(length);
    const copy = new Uint8Array(length);
    this.#buffer.copy(copy, 0, at, at + length);
    return copy;
  }

  #text(length: number): string {
    const at = this.#take(length + 1);
    const end = at + length;
    if (this.#buffer[end] !== 0) throw malformed("a string is not terminated");
    return length < shortText ? this.#shortText(at, end) : this.#longText(at, end);
  }

  #shortText(at: number, end: number): string {
    const buffer = this.#buffer;
    let text = "";
    for (let index = at; index < end; index += 1) {
      const code = buffer[index] ?? 0;
      if (code === 0 || code > 127) return this.#longText(at, end);
      text += String.fromCharCode(code);
    }
    return text;
  }

  #longText(at: number, end: number): string {
    const text = this.#buffer.toString("utf8", at, end);
    if (text.includes("\0")) throw malformed("a string contains NUL");
    // Decoding replaces what is no UTF-8, so only text with the replacement in it needs a second look.
    if (text.includes(replacement) && !isUtf8(this.#buffer.subarray(at, end))) {
      throw malformed("a string is not UTF-8");
    }
    return text;
  }

  #take(bytes: number): number {
    const at = this.#position;
    if (bytes > this.#end - at) throw truncated();
    this.#position = at + bytes;
    return at;
  }
}

/** Makes the error for a message that breaks the protocol. */
export function malformed(problem: string): MalformedMessageError {
  return new MalformedMessageError(problem);
}

function truncated(): MalformedMessageError {
  return malformed("it is shorter than its contents");
}
