import { join } from "node:path";
import type { Clock, Logger } from "op-core";
import { resolveSecret } from "../secrets/resolve-secret.ts";
import type { AuthConfig } from "./auth-config.ts";
import {
  createAuthenticator,
  type AuthEvent,
  type Authenticator,
  type BearerMethod,
} from "./authenticator.ts";
import { certificateMethod } from "./certificates/certificate-method.ts";
import { Challenges } from "./challenges.ts";
import { isOpenAddress, type ListenAddress } from "./guard/listen-address.ts";
import { refuseOpenBind } from "./guard/refuse-open-bind.ts";
import { createRequestGuard, type RequestGuard } from "./guard/request-guard.ts";
import { createApiKeyMethod } from "./keys/api-key-method.ts";
import type { ApiKeyStore } from "./keys/api-key-store.ts";
import { createApiKeys, type ApiKeys } from "./keys/api-keys.ts";
import { createFileKeyStore } from "./keys/file-key-store.ts";
import { localTokenMethod } from "./local/local-token-method.ts";
import { openLocalToken, type LocalToken } from "./local/local-token.ts";
import { canonicalResource } from "./oauth/canonical-resource.ts";
import { createResourceMetadata, type ResourceMetadata } from "./oauth/resource-metadata.ts";
import { unixSocketMethod } from "./unix/unix-socket-method.ts";
import { ownUnixUser } from "./unix/user-groups.ts";

/** What authentication takes. */
export interface OpenAuthOptions {
  readonly config: AuthConfig;
  /** The URL of the MCP endpoint, for clients that are to get tokens for it; `auth.oauth.resource` comes before it. */
  readonly url: string;
  /** The directory of what must outlive a restart. */
  readonly stateDir: string;
  /** Where references to secrets look. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Takes what belongs into the audit log. */
  readonly onEvent: (event: AuthEvent) => void;
  readonly signal: AbortSignal;
  /** Where API keys are: in the file of the configuration unless told. */
  readonly keyStore?: ApiKeyStore;
}

/** Everything that decides who may enter. */
export interface Auth extends AsyncDisposable {
  readonly authenticator: Authenticator;
  /** Writes `WWW-Authenticate`, also for scopes that a call turns out to need. */
  readonly challenges: Challenges;
  readonly apiKeys: ApiKeys;
  /** The token for programs on this machine, unless it is switched off. */
  readonly localToken: LocalToken | undefined;
  /** The metadata of RFC 9728, where there are issuers. */
  readonly resourceMetadata: ResourceMetadata | undefined;
  /**
   * The guard of an address op-mcp is about to listen on. Rejects with `ERR_AUTH_OPEN_BIND` where nobody could be told
   * from anybody else.
   */
  guardFor(address: ListenAddress, options: GuardForOptions): Promise<RequestGuard>;
}

/** What a guard takes besides the address. */
export interface GuardForOptions {
  /** Whether TLS asks clients for certificates there. */
  readonly asksForCertificates: boolean;
  readonly signal: AbortSignal;
}

/** Opens all that is configured: makes the local token at the first start, and reads what else is there. */
export async function openAuth(options: OpenAuthOptions): Promise<Auth> {
  const { config, stateDir, clock, logger, onEvent, signal } = options;
  const path = config.keysPath === "" ? join(stateDir, "api-keys.json") : config.keysPath;
  const store = options.keyStore ?? createFileKeyStore({ path, clock });
  const resourceMetadata = metadataOf(options);
  const challenges = new Challenges({
    scopes: config.oauth.requiredScopes,
    ...(resourceMetadata === undefined ? {} : { resourceMetadataUrl: resourceMetadata.url }),
  });
  const localToken = config.isLocalTokenAccepted
    ? await openLocalToken({ stateDir, signal })
    : undefined;
  const oauth = await oauthMethods(options);
  const keyMethod = createApiKeyMethod({ store, clock, logger });
  const authenticator = createAuthenticator({
    bearer: [
      ...(localToken === undefined
        ? []
        : [localTokenMethod({ token: localToken, user: ownUnixUser(), logger })]),
      keyMethod,
      ...oauth,
    ],
    connection: [
      ...(config.certificates.length === 0 ? [] : [certificateMethod(config.certificates, clock)]),
      unixSocketMethod(),
    ],
    isAnonymousAllowed: config.isAnonymousAllowed,
    challenges,
    brake: config.slowing,
    clock,
    onEvent,
  });
  const apiKeys = createApiKeys({ store, clock });
  return {
    authenticator,
    challenges,
    apiKeys,
    localToken,
    resourceMetadata,
    guardFor: async (address, { asksForCertificates, signal: asking }) => {
      const keys = isOpenAddress(address) ? await apiKeys.list({ signal: asking }) : [];
      refuseOpenBind(address, {
        apiKeys: keys.filter(({ usableSecrets }) => usableSecrets > 0).length,
        issuers: config.oauth.issuers.length,
        certificates: asksForCertificates ? config.certificates.length : 0,
        isAnonymousAllowed: config.isAnonymousAllowed,
      });
      return createRequestGuard({ address, hosts: config.hosts, origins: config.origins });
    },
    [Symbol.asyncDispose]: () => keyMethod[Symbol.asyncDispose](),
  };
}

function metadataOf({ config, url }: OpenAuthOptions): ResourceMetadata | undefined {
  const { issuers, scopes, resource } = config.oauth;
  const canonical = canonicalResource(resource === "" ? url : resource);
  if (issuers.length === 0 || canonical === undefined) return undefined;
  return createResourceMetadata({
    resource: canonical,
    issuers: issuers.map(({ issuer }) => issuer),
    scopes,
    isMutualTls: config.certificates.length > 0,
  });
}

async function oauthMethods(options: OpenAuthOptions): Promise<readonly BearerMethod[]> {
  const { config, url, env, clock, logger } = options;
  if (config.oauth.issuers.length === 0) return [];
  // Its code is not needed where OAuth is off.
  const { createOAuthMethod } = await import("./oauth/oauth-method.ts");
  return [
    createOAuthMethod({
      config: config.oauth,
      resource: config.oauth.resource === "" ? url : config.oauth.resource,
      resolveSecret: (ref, signal) => resolveSecret(ref, { env, clock, signal }),
      clock,
      logger,
    }),
  ];
}
