import type { Secret } from "../../secrets/secret.ts";
import { refuse, type MethodResult } from "../auth-result.ts";
import { findJson, type FetchJsonOptions, type ForeignObject } from "./fetch-json.ts";

/** What asking about a token takes. */
export interface IntrospectOptions extends Pick<FetchJsonOptions, "clock" | "signal"> {
  readonly url: string;
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: Secret;
}

/** Asks the issuer about a token (RFC 7662) and gives its claims. Rejects when the issuer cannot be asked. */
export async function introspect(
  token: string,
  { url, issuer, clientId, clientSecret, clock, signal }: IntrospectOptions,
): Promise<ForeignObject | (MethodResult & { readonly kind: "refused" })> {
  const form = new URLSearchParams({ token, token_type_hint: "access_token" });
  const credentials = `${encodeForm(clientId)}:${encodeForm(clientSecret.reveal())}`;
  const authorization = `Basic ${Buffer.from(credentials).toString("base64")}`;
  // An issuer that does not want to be asked about a token, because it is a JWT or nothing at all, answers 400.
  const asked = { clock, signal, form, headers: { authorization }, absentStatus: 400 };
  const claims = await findJson(url, asked);
  if (claims?.["active"] !== true) return refuse("invalid", "The token is not valid.");
  // Refresh tokens are active too, and have no type. A token for proof of possession has another one.
  const type = claims["token_type"];
  if (typeof type !== "string" || type.toLowerCase() !== "bearer") {
    return refuse("wrong-type", "The token is no access token.");
  }
  // The issuer that is asked is who vouches, and may leave its name out.
  return { iss: issuer, ...claims };
}

/** RFC 6749 has both encoded as in a form, before they are put together. */
function encodeForm(text: string): string {
  return new URLSearchParams({ "": text }).toString().slice(1);
}
