import type { JsonObject } from "op-core";

const wellKnown = "/.well-known/oauth-protected-resource";

/** What the metadata says. */
export interface ResourceMetadataOptions {
  /** The canonical URL of the resource. */
  readonly resource: string;
  readonly issuers: readonly string[];
  readonly scopes: readonly string[];
  /** Whether tokens bound to client certificates are understood. */
  readonly isMutualTls: boolean;
}

/** What HTTP answers. */
export interface MetadataAnswer {
  readonly status: 200;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The metadata of RFC 9728, by which clients find the issuers. */
export interface ResourceMetadata {
  /** Where it is, for `WWW-Authenticate`. */
  readonly url: string;
  readonly document: JsonObject;
  /** The answer to a GET of this path, of a browser too; nothing when the path is another one. */
  answer(path: string): MetadataAnswer | undefined;
}

/**
 * Makes the metadata. It is answered at the path that belongs to the resource, at those of its views below, and at the
 * root, where older clients look.
 *
 * RFC 9207 needs nothing here: it protects the answer of an authorization endpoint, and this is a resource server. What
 * clients need for it, the exact issuers, is in `authorization_servers`.
 */
export function createResourceMetadata(options: ResourceMetadataOptions): ResourceMetadata {
  const { resource, issuers, scopes, isMutualTls } = options;
  const { origin, pathname } = new URL(resource);
  const path = pathname === "/" ? "" : pathname;
  const document: JsonObject = {
    resource,
    resource_name: "op-mcp",
    authorization_servers: [...issuers],
    bearer_methods_supported: ["header"],
    ...(scopes.length === 0 ? {} : { scopes_supported: [...scopes] }),
    ...(isMutualTls ? { tls_client_certificate_bound_access_tokens: true } : {}),
  };
  const own = `${wellKnown}${path}`;
  const answer: MetadataAnswer = {
    status: 200,
    headers: {
      "content-type": "application/json",
      "cache-control": "max-age=3600",
      "access-control-allow-origin": "*",
    },
    body: JSON.stringify(document),
  };
  return {
    url: `${origin}${own}`,
    document,
    answer: (asked) =>
      asked === wellKnown || asked === own || asked.startsWith(`${own}/`) ? answer : undefined,
  };
}
