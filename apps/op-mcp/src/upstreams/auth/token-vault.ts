import { createCipheriv, createDecipheriv, hash, hkdfSync, randomBytes } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type Clock, isJsonObject, isOpError } from "op-core";
import type { OAuthRecord, OAuthStore } from "op-protocol/oauth";
import { acquireChangeLock } from "../../auth/files/change-lock.ts";
import { createPrivateText, LiveText, replacePrivateText } from "../../auth/files/private-text.ts";
import { readPrivateFile } from "../../secrets/private-file.ts";
import { TokenVaultError } from "../upstream-error.ts";

/** What keeping tokens takes. */
export interface TokenVaultOptions {
  /** Where they are kept, below the directory of state. */
  readonly directory: string;
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
const keyBytes = 32;
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

function unseal(key: Buffer, identity: string, text: string): unknown {
  const bytes = Buffer.from(text, "base64");
  const nonce = bytes.subarray(0, nonceBytes);
  const opening = createDecipheriv(cipher, key, nonce, { authTagLength: tagBytes })
    .setAAD(Buffer.from(identity))
    .setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
  const body = bytes.subarray(nonceBytes + tagBytes);
  return JSON.parse(Buffer.concat([opening.update(body), opening.final()]).toString("utf8"));
}

/** The key of this installation, made when the first token is kept. */
async function readKey(path: string, signal: AbortSignal): Promise<Buffer> {
  await createPrivateText(path, `${randomBytes(keyBytes).toString("base64")}\n`, signal);
  const text = (await readPrivateFile(path, { signal })).toString("utf8");
  return Buffer.from(
    hkdfSync("sha256", Buffer.from(text, "base64"), "", "upstream tokens", keyBytes),
  );
}

class FileTokenStore implements OAuthStore {
  readonly #path: string;
  readonly #keyPath: string;
  readonly #identity: string;
  readonly #clock: Clock;
  readonly #live: LiveText<string | undefined>;

  constructor({ directory, clock }: TokenVaultOptions, owner: TokenOwner) {
    this.#identity = identityOf(owner);
    const suffix = owner.user === undefined ? "" : `.${hash("sha256", owner.user).slice(0, 32)}`;
    this.#path = join(directory, `${encodeURIComponent(owner.upstream)}${suffix}.token`);
    this.#keyPath = join(directory, "key");
    this.#clock = clock;
    this.#live = new LiveText(this.#path, (text) => text);
  }

  async read({ signal }: { readonly signal: AbortSignal }): Promise<OAuthRecord> {
    return await this.#guarded(signal, async () => {
      const text = await this.#live.read(signal);
      if (text === undefined) return {};
      const value = unseal(await readKey(this.#keyPath, signal), this.#identity, text);
      return isRecord(value) ? value : {};
    });
  }

  async write(record: OAuthRecord, { signal }: { readonly signal: AbortSignal }): Promise<void> {
    await this.#guarded(signal, async () => {
      const key = await readKey(this.#keyPath, signal);
      await replacePrivateText(
        this.#path,
        seal(key, this.#identity, JSON.stringify(record)),
        signal,
      );
    });
  }

  async exclusively<T>(
    work: () => Promise<T>,
    { signal }: { readonly signal: AbortSignal },
  ): Promise<T> {
    await mkdir(dirname(this.#path), { recursive: true, mode: 0o700 });
    using _lock = await acquireChangeLock(this.#path, { clock: this.#clock, signal });
    return await work();
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
  return { open: (owner) => new FileTokenStore(options, owner) };
}
