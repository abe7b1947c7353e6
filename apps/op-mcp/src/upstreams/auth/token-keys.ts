import { hkdfSync, randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { UpstreamsConfig } from "op-aggregator/config";
import { createPrivateText } from "../../auth/files/private-text.ts";
import type { Environment } from "../../config/environment.ts";
import { resolveSecret } from "../../secrets/resolve-secret.ts";
import { TokenKeyError } from "../upstream-error.ts";

/** Where the key is that tokens are sealed with, and where those of earlier times are. */
export type TokenKeyPlaces = Pick<UpstreamsConfig, "tokenKey" | "oldTokenKeys">;

/** What finding keys takes. */
export interface TokenKeysOptions {
  /** As configured now. */
  readonly places: () => TokenKeyPlaces;
  /** Where the file beside the tokens is. */
  readonly directory: string;
  readonly env: Environment;
}

const keyBytes = 32;
/** A key that a person could have thought of is none. */
const leastCharacters = 32;

/** The keys by which tokens are sealed and opened. */
export class TokenKeys {
  readonly #options: TokenKeysOptions;
  /** By reference: a command is not run with each request. */
  readonly #known = new Map<string, Buffer>();

  constructor(options: TokenKeysOptions) {
    this.#options = options;
  }

  /** What tokens are sealed with from now on. */
  async current(signal: AbortSignal): Promise<Buffer> {
    const { tokenKey } = this.#options.places();
    if (tokenKey !== "") return await this.#keyIn(tokenKey, signal);
    const text = `${randomBytes(keyBytes).toString("base64")}\n`;
    if (!existsSync(this.#file)) await createPrivateText(this.#file, text, signal);
    return await this.#keyIn(`file:${this.#file}`, signal);
  }

  /** What tokens of earlier times may be sealed with. */
  async *old(signal: AbortSignal): AsyncGenerator<Buffer> {
    const { tokenKey, oldTokenKeys } = this.#options.places();
    for (const reference of oldTokenKeys) yield await this.#keyIn(reference, signal);
    if (tokenKey !== "" && existsSync(this.#file))
      yield await this.#keyIn(`file:${this.#file}`, signal);
  }

  get #file(): string {
    return join(this.#options.directory, "key");
  }

  async #keyIn(reference: string, signal: AbortSignal): Promise<Buffer> {
    const known = this.#known.get(reference);
    if (known !== undefined) return known;
    using secret = await resolveSecret(reference, { env: this.#options.env, signal });
    const text = secret.reveal();
    if (text.length < leastCharacters) throw new TokenKeyError(reference, leastCharacters);
    const key = Buffer.from(hkdfSync("sha256", text, "", "upstream tokens", keyBytes));
    this.#known.set(reference, key);
    return key;
  }
}
