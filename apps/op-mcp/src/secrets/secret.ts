import { createHash, timingSafeEqual } from "node:crypto";
import { inspect } from "node:util";

const shown = "[secret]";

/**
 * Holds a secret that no log line, message or JSON ever shows. Disposing it wipes the bytes; what `reveal` gave out are
 * strings, which JavaScript can't wipe.
 */
export class Secret implements Disposable {
  readonly #bytes: Buffer;
  #isWiped = false;

  private constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** Keeps a copy of the text or the bytes. */
  static of(value: string | Uint8Array): Secret {
    return new Secret(typeof value === "string" ? Buffer.from(value, "utf8") : Buffer.from(value));
  }

  /** The secret itself: for the one place that needs it. Empty when it was wiped. */
  reveal(): string {
    return this.#isWiped ? "" : this.#bytes.toString("utf8");
  }

  /** Whether the other value is the same, in a time that tells neither where they differ nor how long they are. */
  equals(other: string | Uint8Array | Secret): boolean {
    const bytes = other instanceof Secret ? other.#bytes : other;
    const isEqual = timingSafeEqual(digest(this.#bytes), digest(bytes));
    return isEqual && !this.#isWiped && !(other instanceof Secret && other.#isWiped);
  }

  /** Overwrites the bytes; nothing equals it from then on. */
  wipe(): void {
    this.#isWiped = true;
    this.#bytes.fill(0);
  }

  toString(): string {
    return shown;
  }

  toJSON(): string {
    return shown;
  }

  [inspect.custom](): string {
    return shown;
  }

  [Symbol.dispose](): void {
    this.wipe();
  }
}

/** Digests have one length, which the comparison needs. */
function digest(value: string | Uint8Array): Buffer {
  return createHash("sha256").update(value).digest();
}
