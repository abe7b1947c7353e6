import { createHash } from "node:crypto";
import type { Clock } from "op-core";
import type { Principal } from "op-tools";
import { BoundedMap } from "../policy/bounded-map.ts";
import { addressOf, type AuthRequest, type Peer } from "./auth-request.ts";
import {
  refusalRules,
  refuse,
  type AuthMethodName,
  type AuthRefusalCode,
  type Authenticated,
  type AuthResult,
  type MethodResult,
} from "./auth-result.ts";
import type { Challenges } from "./challenges.ts";
import { ExpiringMap } from "./expiring-map.ts";
import { FailureBrake, sourceOf, type FailureBrakeRules } from "./failure-brake.ts";
import { readCredential } from "./read-credential.ts";

/** Says who sends a request. */
export interface Authenticator {
  /** Resolves with who it is or why nobody is let in; rejects only with the reason of the signal. */
  authenticate(request: AuthRequest, options: { signal: AbortSignal }): Promise<AuthResult>;
}

/** A way to prove by a token who one is. */
export interface BearerMethod {
  readonly name: AuthMethodName;
  /** Whether a token is of this kind, by its looks; no other method is asked about it then. */
  recognises(token: string): boolean;
  /** Whose token it claims to be, for counting failures. */
  claimedBy?(token: string): string | undefined;
  authenticate(token: string, peer: Peer, options: { signal: AbortSignal }): Promise<MethodResult>;
}

/** A way in which the connection itself says who is at its other end. */
export interface ConnectionMethod {
  readonly name: AuthMethodName;
  /** Nothing when the connection carries no identity of this kind. */
  identify(peer: Peer): MethodResult | undefined;
}

/** Something that belongs into the audit log. Never has the credential in it. */
export interface AuthEvent {
  readonly kind: "authentication-failed";
  readonly atMs: number;
  readonly address: string;
  readonly method: AuthMethodName;
  readonly code: AuthRefusalCode;
  readonly reason: string;
  readonly detail?: string;
  /** Whose credential it claimed to be, as in `key:ID`. */
  readonly claimedBy?: string;
}

/** What an authenticator is made of. */
export interface AuthenticatorOptions {
  /** Asked in this order; the first that recognises a token decides alone. */
  readonly bearer: readonly BearerMethod[];
  /** Asked in this order when the request carries no token. */
  readonly connection: readonly ConnectionMethod[];
  /** Whether whoever proves nothing is let in as `anonymous`. A refused credential never becomes that. */
  readonly isAnonymousAllowed: boolean;
  readonly challenges: Challenges;
  readonly brake: FailureBrakeRules;
  readonly clock: Clock;
  readonly onEvent: (event: AuthEvent) => void;
}

/** How long a credential that was right is let through where its address is slowed. */
const trustedMs = 60 * 60_000;
const mostTrusted = 4096;

const anonymous: Authenticated = {
  kind: "authenticated",
  principal: { id: "anonymous", scopes: [] },
  method: "anonymous",
};

class LayeredAuthenticator implements Authenticator {
  readonly #options: AuthenticatorOptions;
  readonly #brake: FailureBrake;
  /** Digests of tokens that were right: those who guess cannot lock out those who know. */
  readonly #trusted: ExpiringMap<true>;
  /** Whoever comes again, and may the same, is the same object: by that it is known what was decided for them. */
  readonly #callers = new BoundedMap<Principal>(mostTrusted);

  constructor(options: AuthenticatorOptions) {
    this.#options = options;
    this.#brake = new FailureBrake(options.brake, options.clock);
    this.#trusted = new ExpiringMap(mostTrusted, options.clock);
  }

  async authenticate(
    request: AuthRequest,
    { signal }: { signal: AbortSignal },
  ): Promise<AuthResult> {
    signal.throwIfAborted();
    const credential = readCredential(request);
    if (credential.kind === "bearer") {
      return await this.#byToken(credential.token, request.peer, signal);
    }
    if (credential.kind === "none") return this.#byConnection(request.peer);
    const sources = [sourceOf(addressOf(request.peer))];
    return this.#end(this.#slowed(sources) ?? credential, "none", { request, sources });
  }

  #byConnection(peer: Peer): AuthResult {
    const { connection, isAnonymousAllowed } = this.#options;
    for (const method of connection) {
      const result = method.identify(peer);
      if (result !== undefined) return this.#end(result, method.name, { request: { peer } });
    }
    if (isAnonymousAllowed) {
      return anonymous;
    }
    const missing = refuse("no-credential", "This server wants a token.");
    return this.#end(missing, "none", { request: { peer } });
  }

  async #byToken(token: string, peer: Peer, signal: AbortSignal): Promise<AuthResult> {
    const method = this.#options.bearer.find((candidate) => candidate.recognises(token));
    const name = method?.name ?? "none";
    const claimedBy = method?.claimedBy?.(token);
    const source = sourceOf(addressOf(peer));
    const sources = claimedBy === undefined ? [source] : [source, claimedBy];
    const attempt = {
      request: { peer },
      sources,
      ...(claimedBy === undefined ? {} : { claimedBy }),
    };
    const digest = createHash("sha256").update(token).digest("base64");
    const slowed = this.#trusted.get(digest) === undefined ? this.#slowed(sources) : undefined;
    if (slowed !== undefined) return this.#end(slowed, name, attempt);
    const result =
      (await method?.authenticate(token, peer, { signal })) ??
      refuse("invalid", "The token is of no kind this server knows.");
    if (result.kind === "authenticated") this.#trusted.set(digest, true, trustedMs);
    else if (result.code !== "unavailable") this.#trusted.delete(digest);
    return this.#end(result, name, attempt);
  }

  #recognise(caller: Authenticated): Authenticated {
    const known = this.#callers.getOrMake(JSON.stringify(caller.principal), () => caller.principal);
    return known === caller.principal ? caller : { ...caller, principal: known };
  }

  #slowed(sources: readonly string[]): MethodResult | undefined {
    const retryAfterMs = this.#brake.waitMs(sources);
    if (retryAfterMs === 0) return undefined;
    return refuse("too-many-attempts", "Too many attempts have failed.", { retryAfterMs });
  }

  #end(
    result: MethodResult,
    method: AuthMethodName,
    attempt: {
      readonly request: Pick<AuthRequest, "peer">;
      readonly sources?: readonly string[];
      readonly claimedBy?: string;
    },
  ): AuthResult {
    if (result.kind === "authenticated") return this.#recognise(result);
    const { clock, onEvent, challenges } = this.#options;
    const { code, reason, detail, retryAfterMs } = result;
    const { status, isSuspicious } = refusalRules[code];
    if (isSuspicious) this.#brake.failed(attempt.sources ?? []);
    onEvent({
      kind: "authentication-failed",
      atMs: clock.now(),
      address: addressOf(attempt.request.peer),
      method,
      code,
      reason,
      ...(detail === undefined ? {} : { detail }),
      ...(attempt.claimedBy === undefined ? {} : { claimedBy: attempt.claimedBy }),
    });
    const wwwAuthenticate = challenges.forRefusal(result);
    return {
      kind: "refused",
      status,
      code,
      method,
      reason,
      ...(wwwAuthenticate === undefined ? {} : { wwwAuthenticate }),
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    };
  }
}

/**
 * Makes an authenticator. A request with a token is judged by the one method that recognises it; one without by its
 * connection. Who is refused by one is never asked for by a weaker one. Failures are slowed, by address and by key.
 */
export function createAuthenticator(options: AuthenticatorOptions): Authenticator {
  return new LayeredAuthenticator(options);
}
