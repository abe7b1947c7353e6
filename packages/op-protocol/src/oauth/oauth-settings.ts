import type { Clock } from "op-core";
import type { FetchPort } from "../client/http-exchange.ts";
import type { OAuthStore } from "./oauth-record.ts";

/** How a client proves to the authorization server who it is. Secrets are fetched when they are needed. */
export type ClientProof =
  | { readonly kind: "none" }
  | { readonly kind: "secret"; readonly secret: () => Promise<string> }
  | {
      /** `private_key_jwt`: a signature in place of a secret. */
      readonly kind: "private-key";
      /** PKCS#8, in PEM. */
      readonly key: () => Promise<string>;
      readonly algorithm: string;
    };

/** A client that somebody registered with the authorization server beforehand. */
export interface RegisteredClient {
  readonly id: string;
  readonly proof: ClientProof;
  /** The only authorization server that is told who it is; the first one that is met, unless told. */
  readonly issuer?: string;
}

/** Takes a person to a page and brings back what the page says. */
export interface AuthorizePort {
  /** Where the page sends the person afterwards. */
  readonly redirectUrl: string;
  /** Resolves with the query of the address that the person was sent to. */
  authorize(page: URL, options: { readonly signal: AbortSignal }): Promise<URLSearchParams>;
}

/** How a client gets tokens for one MCP server. */
export interface OAuthOptions {
  /** Names the server in errors. */
  readonly name: string;
  readonly serverUrl: URL;
  readonly store: OAuthStore;
  /** Whether a person lets the client act for them, or the client acts for itself. */
  readonly grant: "authorization-code" | "client-credentials";
  /** Without it the client is known by `metadataUrl` where the authorization server takes that, else it registers itself. */
  readonly client?: RegisteredClient;
  /** Where a document says who this client is (CIMD). */
  readonly metadataUrl?: string;
  /** Shown to the person on the page. */
  readonly clientName: string;
  /** What is asked for; what the server says it wants, unless told. */
  readonly scope?: string;
  /** Whom to ask when a request needs a login. Without it the request fails with `ERR_UPSTREAM_LOGIN`. */
  readonly authorize?: AuthorizePort;
  /** What to do about a login that is missing. */
  readonly loginAdvice: string;
  readonly fetch?: FetchPort;
  readonly clock?: Clock;
}
