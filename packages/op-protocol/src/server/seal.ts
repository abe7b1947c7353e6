import { createHmac, timingSafeEqual } from "node:crypto";

const tagBytes = 16;

/** Makes text that only the holder of the key can make, and reads it back. */
export interface Seal {
  close(text: string): string;
  /** The text that was closed, or nothing where it was changed or made by another. */
  open(sealed: string): string | undefined;
}

/**
 * Seals text with HMAC-SHA-256. The purpose is part of what is signed, so that what was sealed for one use is refused
 * by another. Integrity alone: whoever holds the sealed text can read it. The key is asked for when it is first needed.
 */
export function createSeal(keyOf: () => Uint8Array, purpose: string): Seal {
  const tagOf = (text: string): Buffer =>
    createHmac("sha256", keyOf()).update(`${purpose}\0${text}`).digest().subarray(0, tagBytes);
  return {
    close: (text) => Buffer.concat([tagOf(text), Buffer.from(text)]).toString("base64url"),
    open: (sealed) => {
      const bytes = Buffer.from(sealed, "base64url");
      if (bytes.length < tagBytes) return undefined;
      const text = bytes.subarray(tagBytes).toString();
      return timingSafeEqual(bytes.subarray(0, tagBytes), tagOf(text)) ? text : undefined;
    },
  };
}
