import { AuthConfigError } from "../auth-error.ts";
import type { IssuerConfig, OAuthConfig } from "../auth-config.ts";
import { canonicalResource, isTrustedUrl } from "./canonical-resource.ts";

/** Throws `ERR_AUTH_CONFIG` where settings contradict each other in a way that would let the wrong ones in, or nobody. */
export function checkOAuthConfig(config: OAuthConfig, resource: string): void {
  const { issuers } = config;
  if (issuers.length === 0) return;
  if (canonicalResource(resource) === undefined || new URL(resource).search !== "") {
    throw new AuthConfigError(
      "auth.oauth.resource",
      "is not a URL without query and fragment",
      "Write the URL clients use, as in https://mcp.example.org/mcp.",
    );
  }
  for (const [index, issuer] of issuers.entries())
    checkIssuer(issuer, `auth.oauth.issuers.${index}`);
  checkTogether(issuers);
}

function checkIssuer(config: IssuerConfig, key: string): void {
  const { issuer, jwksUrl, introspectionUrl, validation, clientId, clientSecret } = config;
  for (const [name, url] of Object.entries({ issuer, jwksUrl, introspectionUrl })) {
    if (url === "" || (isTrustedUrl(url) && !url.includes("#"))) continue;
    throw new AuthConfigError(
      `${key}.${name}`,
      "is a URL that anybody on the way could answer",
      "Use https; http is for issuers on this machine.",
    );
  }
  if (validation === "jwt" || (clientId !== "" && clientSecret !== "")) return;
  throw new AuthConfigError(
    `${key}.validation`,
    "is introspection, which issuers answer to known clients only",
    "Set clientId and clientSecret beside it.",
  );
}

function checkTogether(issuers: readonly IssuerConfig[]): void {
  if (new Set(issuers.map(({ issuer }) => issuer)).size < issuers.length) {
    throw new AuthConfigError(
      "auth.oauth.issuers",
      "has the same issuer twice",
      "Keep one of the two.",
    );
  }
  const names = new Set(issuers.map(({ name }) => name));
  if (issuers.length > 1 && (names.has("") || names.size < issuers.length)) {
    throw new AuthConfigError(
      "auth.oauth.issuers",
      "has several issuers without a name of their own each, so that one could speak for the other's users",
      "Give each a different name.",
    );
  }
  if (issuers.filter(({ validation }) => validation === "introspection").length > 1) {
    throw new AuthConfigError(
      "auth.oauth.issuers",
      "has more than one issuer that is asked about opaque tokens, so that one would be shown the other's",
      "Let all but one issue JWTs.",
    );
  }
}
