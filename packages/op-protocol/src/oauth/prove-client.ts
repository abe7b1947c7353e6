import {
  createPrivateKeyJwtAuth,
  type AddClientAuthentication,
} from "@modelcontextprotocol/client";
import type { RegisteredClient } from "./oauth-settings.ts";

/** A secret as the specification wants it in the header: encoded as in forms, whatever characters it has. */
function basic(id: string, secret: string): string {
  const pair = [id, secret].map((part) => new URLSearchParams({ part }).toString().slice(5));
  return `Basic ${Buffer.from(pair.join(":")).toString("base64")}`;
}

function takesBasic(methods: readonly string[] | undefined): boolean {
  return (
    methods === undefined ||
    methods.includes("client_secret_basic") ||
    !methods.includes("client_secret_post")
  );
}

/** Proves who a registered client is, in the way it can and the authorization server wants. Secrets are fetched each time. */
export function proveClient({ id, proof }: RegisteredClient): AddClientAuthentication {
  return async (headers, params, url, metadata) => {
    if (proof.kind === "none") params.set("client_id", id);
    else if (proof.kind === "private-key") {
      const { algorithm: alg, key } = proof;
      const privateKey = await key();
      const sign = createPrivateKeyJwtAuth({ issuer: id, subject: id, privateKey, alg });
      await sign(headers, params, url, metadata);
    } else if (takesBasic(metadata?.token_endpoint_auth_methods_supported)) {
      headers.set("authorization", basic(id, await proof.secret()));
    } else {
      params.set("client_id", id);
      params.set("client_secret", await proof.secret());
    }
  };
}
