import type { OAuthRecord } from "./oauth-record.ts";
import type { RegisteredClient } from "./oauth-settings.ts";
import { proveClient } from "./prove-client.ts";

type Send = (url: string, init: RequestInit) => Promise<Response>;

/** The client as it registered itself. */
function ownClient({ client }: OAuthRecord): RegisteredClient {
  const secret = client?.client_secret;
  return {
    id: client?.client_id ?? "",
    proof:
      secret === undefined
        ? { kind: "none" }
        : { kind: "secret", secret: () => Promise.resolve(secret) },
  };
}

/**
 * Tells the authorization server that the tokens are not needed any more (RFC 7009): the refresh token, with which go all
 * that came from it, or else the access token. Resolves to whether it could be told.
 */
export async function revokeTokens(
  record: OAuthRecord,
  registered: RegisteredClient | undefined,
  send: Send,
): Promise<boolean> {
  const { tokens, discovery } = record;
  const metadata = discovery?.authorizationServerMetadata;
  const url: unknown =
    metadata !== undefined && "revocation_endpoint" in metadata
      ? metadata.revocation_endpoint
      : undefined;
  if (typeof url !== "string" || tokens === undefined) return false;
  const form = new URLSearchParams({
    token: tokens.refresh_token ?? tokens.access_token,
    token_type_hint: tokens.refresh_token === undefined ? "access_token" : "refresh_token",
  });
  const headers = new Headers({ "content-type": "application/x-www-form-urlencoded" });
  await proveClient(registered ?? ownClient(record))(headers, form, url, metadata);
  const response = await send(url, { method: "POST", headers, body: form.toString() });
  return response.ok;
}
