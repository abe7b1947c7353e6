import type { UnixUser } from "./unix/unix-user.ts";

/** What a verified or unverified TLS client certificate says. */
export interface ClientCertificate {
  /** Whether the TLS layer verified it against the configured authorities. One that is not proves nothing. */
  readonly isVerified: boolean;
  /** Everything it is called, each with its kind: `CN:ci`, `DNS:ci.example.org`, `URI:spiffe://…`. */
  readonly names: readonly string[];
  /** SHA-256 of the certificate, in base64url, as `cnf` claims of bound tokens have it. */
  readonly thumbprint: string;
  readonly expiresAtMs: number;
}

/** Where a request comes from, as the kernel and the TLS layer know it; nothing the client says of itself. */
export type Peer =
  | {
      readonly kind: "tcp";
      readonly address: string;
      readonly certificate?: ClientCertificate;
    }
  | {
      readonly kind: "unix";
      /** Whom the socket's permissions let in, where that is one user. */
      readonly user?: UnixUser;
    };

/** The facts of a request that say who sends it. */
export interface AuthRequest {
  readonly method: string;
  /** The target as it was sent: path and query. */
  readonly url: string;
  /**
   * Names and values in turn, as they came. Node's merged headers would hide that one came twice.
   */
  readonly rawHeaders: readonly string[];
  readonly peer: Peer;
}

/** Every value of a header, in the order they came. */
export function headerValues(rawHeaders: readonly string[], name: string): readonly string[] {
  const values: string[] = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    if (rawHeaders[index]?.toLowerCase() === name) values.push(rawHeaders[index + 1] ?? "");
  }
  return values;
}

/** The peer's address for logs and for counting; a Unix socket has its user's instead. */
export function addressOf(peer: Peer): string {
  if (peer.kind === "tcp") return peer.address;
  return peer.user === undefined ? "unix" : `unix:uid=${peer.user.uid}`;
}
