import { timingSafeEqual } from "node:crypto";
import type { Clock, Logger } from "op-core";
import { refuse, type MethodResult } from "../auth-result.ts";
import type { BearerMethod } from "../authenticator.ts";
import type { ApiKeyRecord } from "./api-key-record.ts";
import type { ApiKeyStore } from "./api-key-store.ts";
import { apiKeyPrefix, hashApiKeySecret, parseApiKeyToken } from "./api-key-token.ts";
import { LastUse } from "./last-use.ts";

/** What the method takes. */
export interface ApiKeyMethodOptions {
  readonly store: ApiKeyStore;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** The method, until it is disposed; then the last uses are written. */
export interface ApiKeyMethod extends BearerMethod, AsyncDisposable {}

/** Lets in who has the secret of a key, as `key:ID` with the key's scopes. */
export function createApiKeyMethod(options: ApiKeyMethodOptions): ApiKeyMethod {
  const { store, clock, logger } = options;
  const lastUse = new LastUse(options);
  return {
    name: "api-key",
    recognises: (token) => token.startsWith(apiKeyPrefix),
    claimedBy: (token) => {
      const parsed = parseApiKeyToken(token);
      return parsed === undefined ? undefined : `key:${parsed.id}`;
    },
    authenticate: async (token, _peer, { signal }) => {
      const parsed = parseApiKeyToken(token);
      if (parsed === undefined) return refuse("invalid", "The API key is mistyped.");
      const hash = hashApiKeySecret(parsed);
      try {
        const key = await store.find(parsed.id, { signal });
        const result = judge(key, hash, clock.now());
        if (result.kind === "authenticated") lastUse.note(parsed.id, key?.lastUsedAtMs);
        return result;
      } catch (error) {
        signal.throwIfAborted();
        logger.error("API keys cannot be read", { error });
        return refuse("unavailable", "API keys cannot be checked now.");
      }
    },
    [Symbol.asyncDispose]: () => lastUse[Symbol.asyncDispose](),
  };
}

/** Whoever has no secret of the key learns nothing of it, not even whether it exists. */
function judge(key: ApiKeyRecord | undefined, hash: string, nowMs: number): MethodResult {
  // Every secret is compared, so that the time does not tell which one was near.
  const fitting = key?.secrets.filter((secret) => isSame(secret.hash, hash)) ?? [];
  const [secret] = fitting;
  if (key === undefined || secret === undefined)
    return refuse("invalid", "The API key is not valid.");
  if (key.revokedAtMs !== undefined) return refuse("revoked", "The API key was revoked.");
  const ends = [key.expiresAtMs, secret.untilMs].filter((end) => end !== undefined);
  const expiresAtMs = Math.min(Infinity, ...ends);
  if (nowMs >= (secret.untilMs ?? Infinity)) {
    return refuse("revoked", "The API key was rotated; this is its old token.");
  }
  if (nowMs >= expiresAtMs) return refuse("expired", "The API key has expired.");
  return {
    kind: "authenticated",
    principal: { id: `key:${key.id}`, scopes: key.scopes },
    method: "api-key",
    ...(ends.length === 0 ? {} : { expiresAtMs }),
  };
}

function isSame(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
