import { hash, randomBytes } from "node:crypto";

/** Crockford's: without the letters that look like digits. */
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const grammar = /^[0-9A-HJKMNP-TV-Z]{10}$/;
const length = 10;
const half = 5;

/** A code and the digest under which it is kept. */
export interface ApprovalCode {
  readonly code: string;
  readonly digest: string;
}

/** Makes a code of 50 random bits, as in `7QK2M-0XJ4W`. */
export function createApprovalCode(): ApprovalCode {
  // 256 is a multiple of 32, so that every letter is as likely as any other.
  const drawn = Array.from(randomBytes(length), (byte) => alphabet[byte % alphabet.length]);
  const plain = drawn.join("");
  return { code: `${plain.slice(0, half)}-${plain.slice(half)}`, digest: hash("sha256", plain) };
}

/** The digest of a code as a person types it: case, blanks, hyphens and look-alikes do not matter. */
export function digestApprovalCode(typed: string): string | undefined {
  const plain = typed
    .toUpperCase()
    .replaceAll(/[\s-]/g, "")
    .replaceAll("O", "0")
    .replaceAll(/[IL]/g, "1");
  return grammar.test(plain) ? hash("sha256", plain) : undefined;
}
