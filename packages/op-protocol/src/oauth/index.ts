/** OAuth toward other servers: a client that gets tokens, keeps them fresh, and puts them on requests. */
export {
  createOAuthClient,
  type LogoutResult,
  type OAuthClient,
  type OAuthStatus,
} from "./oauth-client.ts";
export { UpstreamAuthorizationError, UpstreamLoginError } from "./oauth-error.ts";
export { createMemoryOAuthStore, type OAuthRecord, type OAuthStore } from "./oauth-record.ts";
export type {
  AuthorizePort,
  ClientProof,
  OAuthOptions,
  RegisteredClient,
} from "./oauth-settings.ts";
