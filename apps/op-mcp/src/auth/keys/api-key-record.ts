/** One secret of a key, as it is kept: nothing that lets anybody in. */
export interface ApiKeySecret {
  /** See `hashApiKeySecret`. */
  readonly hash: string;
  readonly createdAtMs: number;
  /** When it ends because a newer one took its place. */
  readonly untilMs?: number;
}

/** A key as it is kept. */
export interface ApiKeyRecord {
  /** Names the key in its token, in the policy and in the audit log. Not secret. */
  readonly id: string;
  /** What people call it. */
  readonly name: string;
  readonly scopes: readonly string[];
  readonly createdAtMs: number;
  readonly expiresAtMs?: number;
  readonly revokedAtMs?: number;
  /** To the hour. */
  readonly lastUsedAtMs?: number;
  /** The newest first. */
  readonly secrets: readonly ApiKeySecret[];
}

/** Whether the key still lets anybody in. */
export function isUsable(key: ApiKeyRecord, nowMs: number): boolean {
  return key.revokedAtMs === undefined && nowMs < (key.expiresAtMs ?? Infinity);
}
