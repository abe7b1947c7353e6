import type { JSONWebKeySet, JWK } from "jose";
import { refuse, type MethodResult } from "../auth-result.ts";
import { asObject, type ForeignObject } from "./fetch-json.ts";
import type { Refreshed } from "./refreshed.ts";

/** What a signature is checked against. */
export interface VerifyJwtOptions {
  readonly keys: Refreshed<JSONWebKeySet>;
  readonly algorithms: readonly string[];
  readonly tokenTypes: readonly string[];
  readonly signal: AbortSignal;
}

type Refused = MethodResult & { readonly kind: "refused" };

/** How many keys are tried for a token that names none. */
const mostTries = 4;

/**
 * Checks the signature of a token by the issuer's keys and gives its claims. Only the configured algorithms and types
 * count, only keys the issuer publishes are used, whatever the header points to, and a key that is not known yet is
 * looked for once in a while. Rejects when the issuer's keys cannot be fetched.
 */
export async function verifyJwt(
  token: string,
  header: ForeignObject,
  { keys, algorithms, tokenTypes, signal }: VerifyJwtOptions,
): Promise<ForeignObject | Refused> {
  const { alg, typ, kid } = header;
  if (typeof alg !== "string" || !algorithms.includes(alg)) {
    return refuse("invalid", "The token is not signed in a way this server takes.");
  }
  if (!tokenTypes.some((type) => isSameType(type, typ))) {
    return refuse("wrong-type", "The token is no access token.");
  }
  if ("crit" in header || (kid !== undefined && typeof kid !== "string")) {
    return refuse("invalid", "The token has a header this server does not understand.");
  }
  const set = await keys.get(signal);
  const outcome = await verifyWith(set, token, alg);
  if (outcome !== "no-key") return outcome;
  const newer = await keys.newerThan(set, signal);
  const retried = newer === undefined ? outcome : await verifyWith(newer, token, alg);
  return retried === "no-key"
    ? refuse("invalid", "The token is signed by a key its issuer does not have.")
    : retried;
}

async function verifyWith(
  set: JSONWebKeySet,
  token: string,
  alg: string,
): Promise<ForeignObject | Refused | "no-key"> {
  // Its code is not needed where OAuth is off.
  const { compactVerify, createLocalJWKSet, errors } = await import("jose");
  const select = createLocalJWKSet(set);
  const options = { algorithms: [alg] };
  try {
    const { payload } = await compactVerify(token, select, options);
    return parsePayload(payload);
  } catch (error) {
    if (error instanceof errors.JWKSNoMatchingKey) return "no-key";
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) return invalid(error);
    let tries = 0;
    for await (const key of error) {
      tries += 1;
      if (tries > mostTries) break;
      const verified = await compactVerify(token, key, options).catch(() => undefined);
      if (verified !== undefined) return parsePayload(verified.payload);
    }
    return invalid(error);
  }
}

function parsePayload(payload: Uint8Array): ForeignObject | Refused {
  try {
    return asObject(JSON.parse(Buffer.from(payload).toString("utf8"))) ?? invalid("no object");
  } catch (error) {
    return invalid(error);
  }
}

function invalid(error: unknown): Refused {
  const detail = error instanceof Error ? error.message : String(error);
  return refuse("invalid", "The token is not valid.", { detail });
}

function isSameType(expected: string, typ: unknown): boolean {
  return typeof typ === "string" && toPlainType(typ) === toPlainType(expected);
}

/** RFC 7515: `application/` may be left out, and case does not matter. */
function toPlainType(type: string): string {
  return type.toLowerCase().replace(/^application\//u, "");
}

/**
 * The keys of an issuer that can check signatures. Secret keys in a published set are a mistake of the issuer, with
 * which everybody could sign; they are left out.
 */
export function toKeySet(document: ForeignObject): JSONWebKeySet {
  const { keys } = document;
  if (!Array.isArray(keys)) throw new TypeError("its key set has no keys");
  const usable = keys.slice(0, 100).flatMap((value: unknown): JWK[] => {
    const { kty, use, ...rest } = asObject(value) ?? {};
    const isPublic = typeof kty === "string" && kty !== "oct" && !("d" in rest);
    return isPublic && (use === undefined || use === "sig") ? [{ ...rest, kty }] : [];
  });
  if (usable.length === 0) throw new TypeError("its key set has no key that checks signatures");
  return { keys: usable };
}
