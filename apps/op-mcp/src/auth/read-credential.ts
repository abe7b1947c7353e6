import { headerValues, type AuthRequest } from "./auth-request.ts";
import { refuse, type Refusal } from "./auth-result.ts";

/** What a request carries to prove who sends it. */
export type Credential =
  | { readonly kind: "none" }
  | { readonly kind: "bearer"; readonly token: string }
  | ({ readonly kind: "refused" } & Refusal);

/** Longer ones are refused unread; tokens with many claims have 4,000 characters. */
const longestToken = 8192;

/** Parameters in which clients put tokens although they end up in logs and histories there. */
const tokenParameters = new Set(["access_token", "token", "api_key", "apikey", "authorization"]);

/**
 * Finds the credential of a request. Whatever is ambiguous is refused: two Authorization headers, two in one, a token in
 * the URL, characters a token cannot have.
 */
export function readCredential({ url, rawHeaders }: AuthRequest): Credential {
  if (hasTokenInUrl(url)) {
    return refuse("token-in-url", "Tokens are taken from the Authorization header, never the URL.");
  }
  const values = headerValues(rawHeaders, "authorization");
  const [value] = values;
  if (value === undefined) return { kind: "none" };
  if (values.length > 1) return refuse("malformed", "There is more than one Authorization header.");
  const scheme = /^[^\s,]*/u.exec(value)?.[0] ?? "";
  if (scheme.toLowerCase() !== "bearer") {
    return refuse("unsupported-scheme", "The Authorization header must have the scheme Bearer.");
  }
  return readToken(value.slice(scheme.length));
}

function readToken(rest: string): Credential {
  if (rest.length > longestToken) {
    return refuse("malformed", `The token is longer than ${longestToken} characters.`);
  }
  const token = /^ +(?<token>[A-Za-z0-9._~+/-]+=*) *$/u.exec(rest)?.groups?.["token"];
  if (token === undefined) return refuse("malformed", "The Authorization header holds no token.");
  return { kind: "bearer", token };
}

/** A URL in which nothing is encoded and none of them occurs needs no closer look. */
const mayNameToken = new RegExp(`%|${[...tokenParameters].join("|")}`, "iu");

function hasTokenInUrl(url: string): boolean {
  const query = url.indexOf("?");
  if (query === -1 || !mayNameToken.test(url)) return false;
  const names = new URLSearchParams(url.slice(query + 1)).keys();
  return names.some((name) => tokenParameters.has(name.toLowerCase()));
}
