import { createHash } from "node:crypto";
import { createSingleFlight, type Clock, type Logger } from "op-core";
import type { Principal } from "op-tools";
import type { Secret } from "../../secrets/secret.ts";
import type { OAuthConfig } from "../auth-config.ts";
import type { Peer } from "../auth-request.ts";
import { refuse, type MethodResult } from "../auth-result.ts";
import type { BearerMethod } from "../authenticator.ts";
import { ExpiringMap } from "../expiring-map.ts";
import { ownTokenPrefix } from "../tokens/checksummed-token.ts";
import { canonicalResource } from "./canonical-resource.ts";
import { checkOAuthConfig } from "./check-oauth-config.ts";
import type { ForeignObject } from "./fetch-json.ts";
import { readJwtShape } from "./jwt-shape.ts";
import { readClaims, type TokenClaims } from "./token-claims.ts";
import { TokenIssuer } from "./token-issuer.ts";

/** What the method takes. */
export interface OAuthMethodOptions {
  readonly config: OAuthConfig;
  /** The URL clients know this server by. */
  readonly resource: string;
  /** Fetches a secret the configuration refers to. */
  readonly resolveSecret: (ref: string, signal: AbortSignal) => Promise<Secret>;
  readonly clock: Clock;
  readonly logger: Logger;
}

type Refused = MethodResult & { readonly kind: "refused" };

interface Vouched {
  readonly issuer: TokenIssuer;
  readonly claims: ForeignObject;
}

/** A signature is checked once a minute at most; times are looked at with each request. */
const verifiedMs = 60_000;
const mostTokens = 2048;

class OAuthMethod implements BearerMethod {
  readonly name = "oauth";
  readonly #options: OAuthMethodOptions;
  readonly #resource: string;
  readonly #issuers: readonly TokenIssuer[];
  /** What issuers vouched for, by the digest of the token. */
  readonly #vouched: ExpiringMap<Vouched | Refused>;
  readonly #flights = createSingleFlight<string, Vouched | Refused>();

  constructor(options: OAuthMethodOptions) {
    const { config, resource, resolveSecret, clock, logger } = options;
    checkOAuthConfig(config, resource);
    this.#options = options;
    this.#resource = canonicalResource(resource) ?? resource;
    this.#vouched = new ExpiringMap(mostTokens, clock);
    this.#issuers = config.issuers.map(
      (issuer) =>
        new TokenIssuer({
          config: issuer,
          times: config,
          clientSecret: (signal) => resolveSecret(issuer.clientSecret, signal),
          clock,
          logger,
        }),
    );
  }

  recognises(token: string): boolean {
    // A key with a slip of the pen, or of another op-mcp, is none of an issuer's business.
    return !token.startsWith(ownTokenPrefix);
  }

  async authenticate(
    token: string,
    peer: Peer,
    { signal }: { signal: AbortSignal },
  ): Promise<MethodResult> {
    try {
      const vouched = await this.#vouch(token, signal);
      return "kind" in vouched ? vouched : this.#admit(vouched, peer);
    } catch (error) {
      signal.throwIfAborted();
      this.#options.logger.warn("a token could not be checked", { error });
      return refuse("unavailable", "The issuer of the token cannot be asked now.", {
        retryAfterMs: 10_000,
      });
    }
  }

  async #vouch(token: string, signal: AbortSignal): Promise<Vouched | Refused> {
    const digest = createHash("sha256").update(token).digest("base64");
    const known = this.#vouched.get(digest);
    if (known !== undefined) return known;
    return await this.#flights.run(digest, (flying) => this.#ask(token, digest, flying), {
      signal,
    });
  }

  async #ask(token: string, digest: string, signal: AbortSignal): Promise<Vouched | Refused> {
    const shape = readJwtShape(token);
    const issuer = this.#issuers.find(({ config }) =>
      shape === undefined ? config.validation === "introspection" : config.issuer === shape.issuer,
    );
    // A token is shown to the issuer it says it is from, and to no other.
    if (issuer === undefined) {
      return shape === undefined
        ? refuse("invalid", "The token is of no kind this server knows.")
        : refuse("wrong-issuer", "The token is from an issuer this server does not trust.");
    }
    const claims = await issuer.claimsOf(token, shape, signal);
    const isAsked = issuer.config.validation === "introspection";
    const outcome = isRefused(claims) ? claims : { issuer, claims };
    // A wrong signature stays wrong, but its key may be published in a moment.
    const forMs = isAsked ? this.#options.config.introspectionCacheMs : verifiedMs;
    if (isAsked || !isRefused(claims)) this.#vouched.set(digest, outcome, forMs);
    return outcome;
  }

  #admit({ issuer, claims: raw }: Vouched, peer: Peer): MethodResult {
    const { clock, config } = this.#options;
    const { audiences, scopeClaims, acceptedScopes, name } = issuer.config;
    const claims = readClaims(raw, {
      issuer: issuer.config.issuer,
      audiences: [this.#resource, ...audiences],
      scopeClaims,
      acceptedScopes,
      clockSkewMs: config.clockSkewMs,
      nowMs: clock.now(),
    });
    if ("kind" in claims) return claims;
    if (claims.certificate !== undefined && !hasCertificate(peer, claims.certificate)) {
      return refuse("invalid", "The token is bound to a certificate that was not presented.");
    }
    const principal = toPrincipal(claims, name);
    if (principal === undefined) return refuse("invalid", "The token does not say whose it is.");
    if (!config.requiredScopes.every((scope) => claims.scopes.includes(scope))) {
      const neededScopes = config.requiredScopes;
      const reason = `This server needs a token with the scope ${neededScopes.join(" ")}.`;
      return refuse("insufficient-scope", reason, { neededScopes });
    }
    const { expiresAtMs } = claims;
    return { kind: "authenticated", principal, method: "oauth", expiresAtMs };
  }
}

function isRefused(value: ForeignObject | Refused): value is Refused {
  return value["kind"] === "refused";
}

function hasCertificate(peer: Peer, thumbprint: string): boolean {
  if (peer.kind !== "tcp" || peer.certificate === undefined) return false;
  return peer.certificate.isVerified && peer.certificate.thumbprint === thumbprint;
}

/**
 * Whose token it is. A client that acts for itself is named as one, which RFC 9068 shows by the same name in both
 * claims; the issuer's name keeps the users of several issuers apart.
 */
function toPrincipal(
  { subject, clientId, scopes }: TokenClaims,
  issuerName: string,
): Principal | undefined {
  const prefix = issuerName === "" ? "" : `${issuerName}/`;
  const isClient = clientId !== undefined && (subject === undefined || subject === clientId);
  if (isClient) return { id: `oauth:client=${prefix}${clientId}`, scopes };
  return subject === undefined ? undefined : { id: `oauth:sub=${prefix}${subject}`, scopes };
}

/**
 * Makes the method that lets in who has an access token for this server, of one of the issuers, as `oauth:sub=…` or, for
 * a client that acts for itself, `oauth:client=…`. Throws `ERR_AUTH_CONFIG`.
 */
export function createOAuthMethod(options: OAuthMethodOptions): BearerMethod {
  return new OAuthMethod(options);
}
