import type { Clock } from "op-core";
import { isTrustedUrl } from "./canonical-resource.ts";
import { findJson, type ForeignObject } from "./fetch-json.ts";

/** What an issuer says of itself, as far as a resource server wants to know. */
export interface IssuerMetadata {
  readonly jwksUrl: string | undefined;
  readonly introspectionUrl: string | undefined;
}

/** What finding it out takes. */
export interface DiscoverIssuerOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Fetches the metadata of an issuer, of RFC 8414 or else of OpenID Connect. It must name exactly this issuer. */
export async function discoverIssuer(
  issuer: string,
  options: DiscoverIssuerOptions,
): Promise<IssuerMetadata> {
  const metadata = await fetchFirst(metadataUrls(issuer), options);
  if (metadata["issuer"] !== issuer) {
    throw new Error("its metadata names another issuer, or the same one in another way");
  }
  return {
    jwksUrl: urlIn(metadata, "jwks_uri"),
    introspectionUrl: urlIn(metadata, "introspection_endpoint"),
  };
}

/** Where the metadata may be: RFC 8414 puts its name before the issuer's path, OpenID Connect behind. */
export function metadataUrls(issuer: string): readonly string[] {
  const { origin, pathname } = new URL(issuer);
  const path = pathname.replace(/\/$/u, "");
  return [
    ...new Set([
      `${origin}/.well-known/oauth-authorization-server${path}`,
      `${origin}/.well-known/openid-configuration${path}`,
      `${origin}${path}/.well-known/openid-configuration`,
    ]),
  ];
}

/** Only an issuer that has nothing there is asked elsewhere; one that fails would fail there too. */
async function fetchFirst(
  urls: readonly string[],
  options: DiscoverIssuerOptions,
): Promise<ForeignObject> {
  for (const url of urls) {
    const found = await findJson(url, options);
    if (found !== undefined) return found;
  }
  throw new Error("it has no metadata");
}

function urlIn(metadata: ForeignObject, name: string): string | undefined {
  const url = metadata[name];
  if (url === undefined) return undefined;
  if (typeof url === "string" && isTrustedUrl(url)) return url;
  throw new Error(`its ${name} is no URL that can be trusted`);
}
