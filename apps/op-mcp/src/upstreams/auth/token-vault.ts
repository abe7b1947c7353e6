import { createCipheriv, createDecipheriv, hash, randomBytes } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type Clock, isJsonObject, isOpError } from "op-core";
import type { OAuthRecord, OAuthStore } from "op-protocol/oauth";
import { acquireChangeLock } from "../../auth/files/change-lock.ts";
import { LiveText, replacePrivateText } from "../../auth/files/private-text.ts";
import { TokenSealError, TokenVaultError } from "../upstream-error.ts";
import { TokenKeys, type TokenKeysOptions } from "./token-keys.ts";

/** What keeping tokens takes. */
export interface TokenVaultOptions extends TokenKeysOptions {
  readonly clock: Clock;
}

/** Whose tokens for which server. */
export interface TokenOwner {
  readonly upstream: string;
  /** Absent for the login that everybody shares. */
  readonly user: string | undefined;
}

/** Keeps tokens for other servers, encrypted, in files that only their owner can read. */
export interface TokenVault {
  open(owner: TokenOwner): OAuthStore;
}

const cipher = "aes-256-gcm";
const nonceBytes = 12;
const tagBytes = 16;

function isRecord(value: unknown): value is OAuthRecord {
  if (!isJsonObject(value)) return false;
  const { tokens, client, expiresAtMs } = value;
  return (
    (tokens === undefined ||
      (isJsonObject(tokens) && typeof tokens["access_token"] === "string")) &&
    (client === undefined || (isJsonObject(client) && typeof client["client_id"] === "string")) &&
    (expiresAtMs === undefined || typeof expiresAtMs === "number")
  );
}

/** What a file is bound to: put in another's place it cannot be read. */
function identityOf({ upstream, user }: TokenOwner): string {
  return JSON.stringify([upstream, user ?? null]);
}

function seal(key: Buffer, identity: string, text: string): string {
  const nonce = randomBytes(nonceBytes);
  const sealing = createCipheriv(cipher, key, nonce).setAAD(Buffer.from(identity));
  const body = Buffer.concat([sealing.update(text, "utf8"), sealing.final()]);
  return `${Buffer.concat([nonce, sealing.getAuthTag(), body]).toString("base64")}\n`;
}

/** What was sealed; nothing where it was by another key, or was changed since. */
function unseal(key: Buffer, identity: string, text: string): string | undefined {
  const bytes = Buffer.from(text, "base64");
  const nonce = bytes.subarray(0, nonceBytes);
  try {
    const opening = createDecipheriv(cipher, key, nonce, { authTagLength: tagBytes })
      .setAAD(Buffer.from(identity))
      .setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
    const body = bytes.subarray(nonceBytes + tagBytes);
    return Buffer.concat([opening.update(body), opening.final()]).toString("utf8");
  } catch {
    return undefined;
  }
}

class FileTokenStore implements OAuthStore {
  readonly #path: string;
  readonly #keys: TokenKeys;
  readonly #identity: string;
  readonly #clock: Clock;
  readonly #live: LiveText<string | undefined>;
  #isAlone = false;

  constructor({ directory, clock }: TokenVaultOptions, keys: TokenKeys, owner: TokenOwner) {
    this.#identity = identityOf(owner);
    const suffix = owner.user === undefined ? "" : `.${hash("sha256", owner.user).slice(0, 32)}`;
    this.#path = join(directory, `${encodeURIComponent(owner.upstream)}${suffix}.token`);
    this.#keys = keys;
    this.#clock = clock;
    this.#live = new LiveText(this.#path, (text) => text);
  }

  async read({ signal }: { readonly signal: AbortSignal }): Promise<OAuthRecord> {
    return await this.#guarded(signal, async () => {
      const text = await this.#live.read(signal);
      if (text === undefined) return {};
      const opened = unseal(await this.#keys.current(signal), this.#identity, text);
      const value: unknown = JSON.parse(opened ?? (await this.#openOld(text, signal)));
      return isRecord(value) ? value : {};
    });
  }

  async write(record: OAuthRecord, { signal }: { readonly signal: AbortSignal }): Promise<void> {
    await this.#guarded(signal, () => this.#replace(JSON.stringify(record), signal));
  }

  async exclusively<T>(
    work: () => Promise<T>,
    { signal }: { readonly signal: AbortSignal },
  ): Promise<T> {
    await mkdir(dirname(this.#path), { recursive: true, mode: 0o700 });
    using _lock = await acquireChangeLock(this.#path, { clock: this.#clock, signal });
    this.#isAlone = true;
    try {
      return await work();
    } finally {
      this.#isAlone = false;
    }
  }

  async #replace(text: string, signal: AbortSignal): Promise<void> {
    const key = await this.#keys.current(signal);
    await replacePrivateText(this.#path, seal(key, this.#identity, text), signal);
  }

  /** Opens what was sealed with a key of earlier times, and seals it anew. */
  async #openOld(text: string, signal: AbortSignal): Promise<string> {
    for await (const key of this.#keys.old(signal)) {
      const opened = unseal(key, this.#identity, text);
      if (opened === undefined) continue;
      // Who has the lock is about to write; anybody else must not undo what another process wrote meanwhile.
      if (!this.#isAlone)
        await this.exclusively(() => this.#sealAnew(text, opened, signal), { signal });
      return opened;
    }
    throw new TokenSealError(this.#path);
  }

  async #sealAnew(text: string, opened: string, signal: AbortSignal): Promise<void> {
    if ((await this.#live.read(signal)) === text) await this.#replace(opened, signal);
  }

  async #guarded<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      signal.throwIfAborted();
      if (isOpError(error)) throw error;
      throw new TokenVaultError(this.#path, error);
    }
  }
}

/** Makes the place where tokens are kept. Nothing is made before the first token. */
export function createTokenVault(options: TokenVaultOptions): TokenVault {
  const keys = new TokenKeys(options);
  return { open: (owner) => new FileTokenStore(options, keys, owner) };
}
