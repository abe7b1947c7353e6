import { refuse, type Refusal } from "../auth-result.ts";
import { isScope } from "../challenges.ts";
import { canonicalResource } from "./canonical-resource.ts";
import { asObject, type ForeignObject } from "./fetch-json.ts";

/** What is true of a token, once somebody vouches for it. */
export interface TokenClaims {
  readonly subject: string | undefined;
  readonly clientId: string | undefined;
  readonly scopes: readonly string[];
  readonly expiresAtMs: number;
  /** The certificate the token is bound to. */
  readonly certificate: string | undefined;
}

/** What the claims of a token must be. */
export interface ClaimRules {
  readonly issuer: string;
  /** Names this server has in `aud`, one of which must be there. */
  readonly audiences: readonly string[];
  readonly scopeClaims: readonly string[];
  /** Empty means all. */
  readonly acceptedScopes: readonly string[];
  readonly clockSkewMs: number;
  readonly nowMs: number;
}

/** Claims that only other kinds of tokens have: ID tokens and the notices of a logout. */
const foreignClaims = ["nonce", "at_hash", "c_hash", "events"];

/** Keycloak says here what a token is for. */
const foreignTypes = new Set(["ID", "Refresh", "Offline", "Logout"]);

/** Judges the claims of a token; the signature or the issuer's answer has vouched for them. */
export function readClaims(
  claims: ForeignObject,
  rules: ClaimRules,
): TokenClaims | ({ readonly kind: "refused" } & Refusal) {
  const wrong = checkSender(claims, rules) ?? checkTimes(claims, rules);
  if (wrong !== undefined) return wrong;
  const certificate = readBinding(claims["cnf"]);
  if (certificate === false) {
    return refuse("invalid", "The token is bound to a key in a way this server does not check.");
  }
  return {
    subject: readName(claims["sub"]),
    clientId: readName(claims["client_id"]) ?? readName(claims["azp"]),
    scopes: readScopes(claims, rules),
    expiresAtMs: secondsIn(claims["exp"]) ?? 0,
    certificate,
  };
}

function checkSender(claims: ForeignObject, { issuer, audiences }: ClaimRules) {
  if (claims["iss"] !== issuer) {
    return refuse("wrong-issuer", "The token is from an issuer this server does not trust.");
  }
  const typ = claims["typ"];
  const isForeign = typeof typ === "string" && foreignTypes.has(typ);
  if (isForeign || foreignClaims.some((name) => name in claims)) {
    return refuse("wrong-type", "The token is no access token.");
  }
  const aud = claims["aud"];
  const named: readonly unknown[] = Array.isArray(aud) ? aud : [aud];
  if (named.some((one) => typeof one === "string" && isAmong(audiences, one))) return undefined;
  return refuse("wrong-audience", "The token is for another server.");
}

/** Clients and issuers disagree on slashes at the end of URLs, and on nothing else. */
function isAmong(audiences: readonly string[], one: string): boolean {
  if (audiences.includes(one)) return true;
  const canonical = canonicalResource(one);
  return canonical !== undefined && audiences.includes(canonical);
}

function checkTimes(claims: ForeignObject, { nowMs, clockSkewMs }: ClaimRules) {
  const exp = secondsIn(claims["exp"]);
  if (exp === undefined) return refuse("invalid", "The token does not say when it expires.");
  if (nowMs >= exp + clockSkewMs) return refuse("expired", "The token has expired.");
  for (const name of ["nbf", "iat"]) {
    if (claims[name] === undefined) continue;
    const from = secondsIn(claims[name]);
    if (from === undefined) return refuse("invalid", `The token's ${name} is no time.`);
    if (nowMs < from - clockSkewMs) return refuse("not-yet-valid", "The token is not valid yet.");
  }
  return undefined;
}

function secondsIn(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? value * 1000 : undefined;
}

/** The thumbprint a token is bound to; `false` when it is bound in another way, which would have to be checked as well. */
function readBinding(cnf: unknown): string | undefined | false {
  if (cnf === undefined) return undefined;
  const { "x5t#S256": thumbprint, ...others } = asObject(cnf) ?? { unknown: true };
  return typeof thumbprint === "string" && Object.keys(others).length === 0 ? thumbprint : false;
}

/** A name that can stand in a principal: no controls, no spaces, not endless. */
function readName(value: unknown): string | undefined {
  return typeof value === "string" && /^[^\s\p{C}]{1,255}$/u.test(value) ? value : undefined;
}

function readScopes(claims: ForeignObject, rules: ClaimRules): readonly string[] {
  const { scopeClaims, acceptedScopes } = rules;
  const found = scopeClaims.flatMap((name) => {
    const value = claims[name];
    const texts: readonly unknown[] = typeof value === "string" ? value.split(" ") : asList(value);
    return texts.filter((text) => typeof text === "string" && isScope(text));
  });
  const scopes = [...new Set(found)].filter((scope) => typeof scope === "string");
  return acceptedScopes.length === 0
    ? scopes
    : scopes.filter((scope) => acceptedScopes.includes(scope));
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
