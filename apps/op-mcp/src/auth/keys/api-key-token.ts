import { createHash } from "node:crypto";
import {
  hasChecksum,
  ownTokenPrefix,
  randomId,
  randomSecret,
  withChecksum,
} from "../tokens/checksummed-token.ts";

/** What the token of every key begins with, so that scanners of leaks find it. */
export const apiKeyPrefix = `${ownTokenPrefix}key_`;

/** What the token of a key is made of. */
export interface ApiKeyToken {
  readonly id: string;
  readonly secret: string;
}

const pattern = /^opmcp_key_(?<id>[0-9A-Za-z]{12})_(?<secret>[0-9A-Za-z]{43})[0-9A-Za-z]{6}$/u;

/** A new key's id and first secret. */
export function makeApiKeyToken(id: string = randomId()): ApiKeyToken {
  return { id, secret: randomSecret() };
}

/** The token in one line: prefix, id, secret and checksum. */
export function formatApiKeyToken({ id, secret }: ApiKeyToken): string {
  return withChecksum(`${apiKeyPrefix}${id}_${secret}`);
}

/** Reads a token; nothing when it is none, or mistyped. */
export function parseApiKeyToken(text: string): ApiKeyToken | undefined {
  const { id, secret } = pattern.exec(text)?.groups ?? {};
  if (id === undefined || secret === undefined || !hasChecksum(text)) return undefined;
  return { id, secret };
}

/**
 * What is kept of a secret. One round of SHA-256 is right here: slow hashes make guessing costly where people choose the
 * secret, and nobody guesses 256 random bits. The id in it keeps a hash from being moved to another key.
 */
export function hashApiKeySecret({ id, secret }: ApiKeyToken): string {
  return createHash("sha256").update(`op-mcp api key\0${id}\0${secret}`).digest("base64url");
}
