import type { JSONWebKeySet } from "jose";
import type { Clock, Logger } from "op-core";
import type { Secret } from "../../secrets/secret.ts";
import type { IssuerConfig, OAuthConfig } from "../auth-config.ts";
import { IssuerUnavailableError } from "../auth-error.ts";
import type { MethodResult } from "../auth-result.ts";
import { discoverIssuer, type IssuerMetadata } from "./discover-issuer.ts";
import { fetchJson, type ForeignObject } from "./fetch-json.ts";
import { introspect } from "./introspect.ts";
import type { JwtShape } from "./jwt-shape.ts";
import { Refreshed } from "./refreshed.ts";
import { toKeySet, verifyJwt } from "./verify-jwt.ts";

/** What an issuer takes. */
export interface TokenIssuerOptions {
  readonly config: IssuerConfig;
  readonly times: Pick<OAuthConfig, "keysFreshMs" | "keysStaleMs">;
  /** Fetches the secret op-mcp asks about tokens with, each time anew so that it can be changed. */
  readonly clientSecret: (signal: AbortSignal) => Promise<Secret>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Whoever vouches for tokens: by its keys, or by answering when it is asked. */
export class TokenIssuer {
  readonly config: IssuerConfig;
  readonly #options: TokenIssuerOptions;
  readonly #metadata: Refreshed<IssuerMetadata>;
  readonly #keys: Refreshed<JSONWebKeySet>;

  constructor(options: TokenIssuerOptions) {
    const { config, clock, times, logger } = options;
    this.config = config;
    this.#options = options;
    const shared = {
      clock,
      freshMs: times.keysFreshMs,
      staleMs: times.keysStaleMs,
      onFailure: (error: unknown) => {
        logger.warn("an issuer of tokens cannot be reached", { issuer: config.issuer, error });
      },
    };
    this.#metadata = new Refreshed({
      ...shared,
      fetch: (signal) =>
        this.#attempt("its metadata cannot be fetched", () =>
          discoverIssuer(config.issuer, { clock, signal }),
        ),
    });
    this.#keys = new Refreshed({
      ...shared,
      fetch: (signal) =>
        this.#attempt("its keys cannot be fetched", async () =>
          toKeySet(await fetchJson(await this.#urlOf("jwksUrl", signal), { clock, signal })),
        ),
    });
  }

  /** The claims of a token the issuer vouches for. Rejects with `ERR_AUTH_ISSUER_UNAVAILABLE` when it cannot be asked. */
  async claimsOf(
    token: string,
    shape: JwtShape | undefined,
    signal: AbortSignal,
  ): Promise<ForeignObject | (MethodResult & { readonly kind: "refused" })> {
    const { algorithms, tokenTypes, validation } = this.config;
    if (validation === "jwt" && shape !== undefined) {
      return await verifyJwt(token, shape.header, {
        keys: this.#keys,
        algorithms,
        tokenTypes,
        signal,
      });
    }
    return await this.#attempt("it cannot be asked about a token", async () => {
      using clientSecret = await this.#options.clientSecret(signal);
      const url = await this.#urlOf("introspectionUrl", signal);
      const { clientId, issuer } = this.config;
      const { clock } = this.#options;
      return await introspect(token, { url, issuer, clientId, clientSecret, clock, signal });
    });
  }

  async #urlOf(name: keyof IssuerMetadata, signal: AbortSignal): Promise<string> {
    const configured = this.config[name];
    const url = configured === "" ? (await this.#metadata.get(signal))[name] : configured;
    if (url === undefined) throw new Error(`its metadata has no URL for that; set ${name}`);
    return url;
  }

  async #attempt<T>(what: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof IssuerUnavailableError) throw error;
      throw new IssuerUnavailableError(this.config.issuer, what, error);
    }
  }
}
