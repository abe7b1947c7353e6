import type { Logger } from "op-core";
import { refuse } from "../auth-result.ts";
import type { BearerMethod } from "../authenticator.ts";
import { isLoopbackHost } from "../guard/listen-address.ts";
import { hasChecksum } from "../tokens/checksummed-token.ts";
import type { UnixUser } from "../unix/unix-user.ts";
import { localTokenPrefix, type LocalToken } from "./local-token.ts";

/** What the method takes. */
export interface LocalTokenMethodOptions {
  readonly token: LocalToken;
  /** Whom the token stands for: the user op-mcp runs as. */
  readonly user: UnixUser;
  readonly logger: Logger;
}

/** Lets in who has the local token and is on this machine, as the user op-mcp runs as. */
export function localTokenMethod({ token, user, logger }: LocalTokenMethodOptions): BearerMethod {
  const principal = { id: `unix:uid=${user.uid}`, scopes: [], groups: user.groups };
  return {
    name: "local-token",
    recognises: (text) => text.startsWith(localTokenPrefix),
    authenticate: async (text, peer, { signal }) => {
      if (peer.kind === "tcp" && !isLoopbackHost(peer.address)) {
        return refuse("invalid", "The local token is taken from this machine only.");
      }
      if (!hasChecksum(text)) return refuse("invalid", "The token is mistyped.");
      try {
        const expected = await token.read({ signal });
        if (!expected.equals(text)) return refuse("invalid", "The local token is not valid.");
      } catch (error) {
        signal.throwIfAborted();
        logger.error("the local token cannot be read", { error });
        return refuse("unavailable", "The local token cannot be checked now.");
      }
      return { kind: "authenticated", principal, method: "local-token" };
    },
  };
}
