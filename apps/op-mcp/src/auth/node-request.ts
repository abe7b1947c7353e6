import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import type { AuthRequest, ClientCertificate, Peer } from "./auth-request.ts";
import { readCertificate } from "./certificates/read-certificate.ts";
import type { UnixUser } from "./unix/unix-user.ts";

/** What is known of the socket besides the socket. */
export interface NodeRequestFacts {
  /** Set when the server listens on a Unix socket: whom its permissions let in, where that is one user. */
  readonly unix?: { readonly user?: UnixUser };
  /** The client's address where a trusted proxy says it; that of the socket unless told. */
  readonly address?: string;
}

const certificates = new WeakMap<TLSSocket, ClientCertificate | undefined>();

/** The facts of a request to Node's HTTP server; an upgrade is a request too. */
export function toAuthRequest(req: IncomingMessage, facts: NodeRequestFacts = {}): AuthRequest {
  const { method = "GET", url = "/", rawHeaders } = req;
  return { method, url, rawHeaders, peer: peerOf(req, facts) };
}

function peerOf({ socket }: IncomingMessage, { unix, address }: NodeRequestFacts): Peer {
  if (unix !== undefined) return { kind: "unix", ...unix };
  const certificate = isEncrypted(socket) ? certificateOf(socket) : undefined;
  return {
    kind: "tcp",
    address: address ?? socket.remoteAddress ?? "unknown",
    ...(certificate === undefined ? {} : { certificate }),
  };
}

/** Told by what such a socket says of itself: its class would have to be loaded, which most servers never need. */
function isEncrypted(socket: Socket): socket is TLSSocket {
  return "encrypted" in socket && socket.encrypted === true;
}

/** A connection has one certificate, however many requests come by it. */
function certificateOf(socket: TLSSocket): ClientCertificate | undefined {
  if (certificates.has(socket)) return certificates.get(socket);
  const certificate = socket.getPeerX509Certificate();
  const read = certificate && readCertificate(certificate, socket.authorized);
  certificates.set(socket, read);
  return read;
}
