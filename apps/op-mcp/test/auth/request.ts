import type { AuthRequest, Peer } from "../../src/auth/auth-request.ts";

/** A request for the MCP endpoint by TCP from this machine, with these headers. */
export function request(
  headers: readonly (readonly [string, string])[] = [],
  more: { readonly url?: string; readonly peer?: Peer } = {},
): AuthRequest {
  const { url = "/mcp", peer = { kind: "tcp", address: "127.0.0.1" } } = more;
  return { method: "POST", url, rawHeaders: headers.flat(), peer };
}

/** A request with this token. */
export function bearer(token: string, peer?: Peer): AuthRequest {
  return request([["Authorization", `Bearer ${token}`]], peer === undefined ? {} : { peer });
}

/** A TCP peer. */
export function from(address: string): Peer {
  return { kind: "tcp", address };
}
