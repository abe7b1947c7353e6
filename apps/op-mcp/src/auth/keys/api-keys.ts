import type { Clock } from "op-core";
import { Secret } from "../../secrets/secret.ts";
import { ApiKeyInvalidError, ApiKeyUnknownError } from "../auth-error.ts";
import { isScope } from "../challenges.ts";
import { isUsable, type ApiKeyRecord } from "./api-key-record.ts";
import type { ApiKeyStore, ApiKeyStoreOptions } from "./api-key-store.ts";
import { formatApiKeyToken, hashApiKeySecret, makeApiKeyToken } from "./api-key-token.ts";

/** A key as it is shown: everything but its secrets. */
export interface ApiKeyInfo extends Omit<ApiKeyRecord, "secrets"> {
  /** How many secrets it has that still let somebody in: two after a rotation, for a while. */
  readonly usableSecrets: number;
}

/** What a new key takes. */
export interface CreateApiKeyOptions extends ApiKeyStoreOptions {
  readonly name: string;
  readonly scopes: readonly string[];
  /** How long it is good for; without an end unless told. */
  readonly ttlMs?: number;
}

/** What a rotation takes. */
export interface RotateApiKeyOptions extends ApiKeyStoreOptions {
  /** How long the old secret goes on to be good, so that its users can change over; 0 ends it at once. */
  readonly overlapMs: number;
}

/** A key and the only sight of its token. */
export interface IssuedApiKey {
  readonly key: ApiKeyInfo;
  readonly token: Secret;
}

/** What people do with keys. */
export interface ApiKeys {
  create(options: CreateApiKeyOptions): Promise<IssuedApiKey>;
  list(options: ApiKeyStoreOptions): Promise<readonly ApiKeyInfo[]>;
  /** Gives the key a new secret; the principal stays the same. Throws `ERR_API_KEY_UNKNOWN`. */
  rotate(id: string, options: RotateApiKeyOptions): Promise<IssuedApiKey>;
  /** Ends the key at once. Throws `ERR_API_KEY_UNKNOWN` where there is none; ending it again changes nothing. */
  revoke(id: string, options: ApiKeyStoreOptions): Promise<ApiKeyInfo>;
}

/** What managing keys takes. */
export interface ApiKeysOptions {
  readonly store: ApiKeyStore;
  readonly clock: Clock;
}

/** Makes, lists, rotates and ends keys. */
export function createApiKeys({ store, clock }: ApiKeysOptions): ApiKeys {
  const infoOf = (key: ApiKeyRecord): ApiKeyInfo => toInfo(key, clock.now());
  return {
    create: async ({ name, scopes, ttlMs, signal }) => {
      checkNew(name, scopes, ttlMs);
      const token = makeApiKeyToken();
      const now = clock.now();
      const secrets = [{ hash: hashApiKeySecret(token), createdAtMs: now }];
      const end = ttlMs === undefined ? {} : { expiresAtMs: now + ttlMs };
      const key = { id: token.id, name, scopes, createdAtMs: now, ...end, secrets };
      await store.edit(token.id, () => key, { signal });
      return { key: infoOf(key), token: Secret.of(formatApiKeyToken(token)) };
    },
    list: async (options) => (await store.list(options)).map(infoOf),
    rotate: async (id, { overlapMs, signal }) => {
      const token = makeApiKeyToken(id);
      const hash = hashApiKeySecret(token);
      const change = (key: ApiKeyRecord | undefined): ApiKeyRecord =>
        withNewSecret(usable(id, key, clock.now()), { hash, nowMs: clock.now(), overlapMs });
      const key = await store.edit(id, change, { signal });
      return { key: infoOf(key), token: Secret.of(formatApiKeyToken(token)) };
    },
    revoke: async (id, options) => {
      const change = (key: ApiKeyRecord | undefined): ApiKeyRecord => {
        if (key === undefined) throw new ApiKeyUnknownError(id);
        return key.revokedAtMs === undefined ? { ...key, revokedAtMs: clock.now() } : key;
      };
      return infoOf(await store.edit(id, change, options));
    },
  };
}

function toInfo({ secrets, ...key }: ApiKeyRecord, nowMs: number): ApiKeyInfo {
  const usableSecrets = isUsable({ ...key, secrets }, nowMs)
    ? secrets.filter(({ untilMs = Infinity }) => nowMs < untilMs).length
    : 0;
  return { ...key, usableSecrets };
}

function usable(id: string, key: ApiKeyRecord | undefined, nowMs: number): ApiKeyRecord {
  if (key === undefined) throw new ApiKeyUnknownError(id);
  if (!isUsable(key, nowMs)) throw new ApiKeyUnknownError(id, "has ended; make a new one");
  return key;
}

/** Only the newest of the old secrets gets time: rotating twice in a row means that a leak is feared. */
function withNewSecret(
  key: ApiKeyRecord,
  { hash, nowMs, overlapMs }: { hash: string; nowMs: number; overlapMs: number },
): ApiKeyRecord {
  const [newest] = key.secrets;
  const untilMs = Math.min(nowMs + overlapMs, newest?.untilMs ?? Infinity);
  const overlapping = newest === undefined || overlapMs <= 0 ? [] : [{ ...newest, untilMs }];
  return { ...key, secrets: [{ hash, createdAtMs: nowMs }, ...overlapping] };
}

function checkNew(name: string, scopes: readonly string[], ttlMs: number | undefined): void {
  if (!/^[\p{L}\p{N}][\p{L}\p{N} ._@/-]{0,63}$/u.test(name)) {
    throw new ApiKeyInvalidError("its name needs 1 to 64 letters, digits, spaces or any of ._@/-");
  }
  const wrong = scopes.find((scope) => !isScope(scope));
  if (wrong !== undefined) throw new ApiKeyInvalidError(`${JSON.stringify(wrong)} is no scope`);
  if (ttlMs !== undefined && !(ttlMs > 0))
    throw new ApiKeyInvalidError("it would end before it begins");
}
