import type { UpstreamSettings } from "op-aggregator/config";
import type { Clock } from "op-core";
import {
  createOAuthClient,
  type ClientProof,
  type OAuthClient,
  type OAuthOptions,
  type RegisteredClient,
} from "op-protocol/oauth";
import type { Environment } from "../../config/environment.ts";
import { resolveSecret } from "../../secrets/resolve-secret.ts";
import type { TokenVault } from "./token-vault.ts";

/** What getting tokens for a server takes. */
export interface CreateOAuthOptions {
  readonly name: string;
  readonly settings: UpstreamSettings;
  readonly env: Environment;
  readonly vault: TokenVault;
  readonly clock: Clock;
}

type AuthSettings = NonNullable<UpstreamSettings["auth"]>;

function proofOf(
  { clientSecret, privateKey, algorithm = "ES256" }: AuthSettings,
  env: Environment,
): ClientProof {
  const fetched = (reference: string) => async (): Promise<string> => {
    using secret = await resolveSecret(reference, { env, signal: AbortSignal.timeout(60_000) });
    return secret.reveal();
  };
  if (privateKey !== undefined) return { kind: "private-key", key: fetched(privateKey), algorithm };
  return clientSecret === undefined
    ? { kind: "none" }
    : { kind: "secret", secret: fetched(clientSecret) };
}

function clientOf(auth: AuthSettings, env: Environment): RegisteredClient | undefined {
  const { clientId: id, issuer } = auth;
  if (id === undefined) return undefined;
  return { id, proof: proofOf(auth, env), ...(issuer === undefined ? {} : { issuer }) };
}

function loginAdvice(name: string, user: string | undefined): string {
  const whose = user === undefined ? "" : ` --user '${user}'`;
  return `Run \`op-mcp upstreams login ${name}${whose}\` on the machine of op-mcp, and call again.`;
}

/** What gets the tokens of one user for a server; nothing where the server wants no OAuth. */
export function createOAuth(
  { name, settings, env, vault, clock }: CreateOAuthOptions,
  user: string | undefined,
): OAuthClient | undefined {
  const { auth = {}, url = "" } = settings;
  if (auth.oauth === undefined) return undefined;
  const client = clientOf(auth, env);
  const options: OAuthOptions = {
    name,
    serverUrl: new URL(url),
    store: vault.open({ upstream: name, user }),
    grant: auth.oauth === "person" ? "authorization-code" : "client-credentials",
    clientName: "op-mcp",
    loginAdvice: loginAdvice(name, user),
    ...(client === undefined ? {} : { client }),
    ...(auth.metadataUrl === undefined ? {} : { metadataUrl: auth.metadataUrl }),
    ...(auth.scope === undefined ? {} : { scope: auth.scope }),
    clock,
  };
  return createOAuthClient(options);
}
