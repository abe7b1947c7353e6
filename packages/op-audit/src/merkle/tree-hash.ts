import { hash } from "node:crypto";

/**
 * A SHA-256 hash in base64. Text rather than bytes, because that is what lines, checkpoints and proofs show, and because
 * `crypto.hash` makes text three times as fast as a buffer.
 */
export type TreeHash = string;

/** Length of a hash in bytes. */
export const hashBytes = 32;

/** Length of a hash in base64. */
export const hashChars = 44;

/** The hash of a tree without leaves. */
export const emptyRoot: TreeHash = hash("sha256", "", "base64");

/** The head of a chain before its first link. */
export const noHash: TreeHash = Buffer.alloc(hashBytes).toString("base64");

const hashPattern = /^[A-Za-z0-9+/]{43}=$/;

/** Whether a text is a hash. */
export function isTreeHash(text: unknown): text is TreeHash {
  return typeof text === "string" && hashPattern.test(text);
}

/** Hashes a leaf as RFC 6962 does: SHA-256 of a zero byte and the data. */
export function hashLeaf(data: Uint8Array): TreeHash {
  return hash("sha256", Buffer.concat([Buffer.of(0), data]), "base64");
}

/** Safe to share: every use fills it and empties it without a break. */
const pair = Buffer.alloc(1 + 2 * hashBytes);
pair[0] = 1;

/** Hashes two children as RFC 6962 does: SHA-256 of a one byte, the left and the right child. */
export function hashChildren(left: TreeHash, right: TreeHash): TreeHash {
  pair.write(left, 1, hashBytes, "base64");
  pair.write(right, 1 + hashBytes, hashBytes, "base64");
  return hash("sha256", pair, "base64");
}
