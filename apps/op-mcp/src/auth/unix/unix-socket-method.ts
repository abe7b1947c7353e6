import type { ConnectionMethod } from "../authenticator.ts";

/** Lets in who comes by a Unix socket that only one user can use, as that user. */
export function unixSocketMethod(): ConnectionMethod {
  return {
    name: "unix-socket",
    identify: (peer) => {
      if (peer.kind !== "unix" || peer.user === undefined) return undefined;
      const { uid, groups } = peer.user;
      const principal = { id: `unix:uid=${uid}`, scopes: [], groups };
      return { kind: "authenticated", principal, method: "unix-socket" };
    },
  };
}
