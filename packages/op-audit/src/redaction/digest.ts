import { hash } from "node:crypto";

/** Says which value it was, without saying the value. */
export type Digest = (text: string) => string;

const blockBytes = 64;

/**
 * Makes digests that only the holder of the key can compare with a guess: HMAC-SHA-256. A plain hash of arguments would
 * give a short password away to anyone who tries them all. The name says which key it was.
 */
export function createKeyedDigest(key: Uint8Array, keyName: string): Digest {
  // HMAC by its definition (RFC 2104): `createHmac` takes 8 µs for what two calls of `hash` do in one.
  const block = Buffer.alloc(blockBytes);
  block.set(key.length > blockBytes ? hash("sha256", key, "buffer") : key);
  const inner = block.map((byte) => byte ^ 0x36);
  const outer = Buffer.concat([block.map((byte) => byte ^ 0x5c), Buffer.alloc(32)]);
  return (text) => {
    const message = Buffer.concat([inner, Buffer.from(text)]);
    outer.write(hash("sha256", message, "base64"), blockBytes, "base64");
    return `hmac-sha256:${keyName}:${hash("sha256", outer, "base64")}`;
  };
}

/** Digests with SHA-256, for values that hide nothing. */
export const plainDigest: Digest = (text) => `sha256:${hash("sha256", text, "base64")}`;
