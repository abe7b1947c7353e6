import { OpenBindError } from "../auth-error.ts";
import { isLoopbackHost, type ListenAddress } from "./listen-address.ts";

/** Which ways to prove who one is are open to other machines. */
export interface BindAuthentication {
  /** How many API keys can be used. */
  readonly apiKeys: number;
  /** How many issuers of OAuth tokens are configured. */
  readonly issuers: number;
  /** How many client certificates are mapped, where this address asks for certificates at all. */
  readonly certificates: number;
  readonly isAnonymousAllowed: boolean;
}

/**
 * Throws `ERR_AUTH_OPEN_BIND` when op-mcp is to listen where other machines reach it and could not tell who calls. The
 * local token does not count: it stands for the user op-mcp runs as, and is taken from this machine only.
 */
export function refuseOpenBind(address: ListenAddress, authentication: BindAuthentication): void {
  if (address.kind === "unix" || isLoopbackHost(address.host)) return;
  const { apiKeys, issuers, certificates, isAnonymousAllowed } = authentication;
  if (isAnonymousAllowed) {
    throw new OpenBindError(
      address.host,
      "anybody who reaches it would be let in, because auth.isAnonymousAllowed is true",
      "Set auth.isAnonymousAllowed to false, or listen on 127.0.0.1.",
    );
  }
  if (apiKeys + issuers + certificates > 0) return;
  throw new OpenBindError(
    address.host,
    "other machines reach it, and there is no way for them to prove who they are",
    "Make a key by `op-mcp keys create NAME`, or configure auth.oauth.issuers or auth.certificates; or listen on 127.0.0.1.",
  );
}
