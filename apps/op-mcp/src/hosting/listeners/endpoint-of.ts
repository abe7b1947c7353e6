import { isWildcardHost } from "../../auth/guard/listen-address.ts";
import { parseListener } from "./parse-listener.ts";

/**
 * The URL of MCP for clients on this machine: that of the first listener with a host and a port. Where it listens on
 * every address, that is loopback.
 */
export function endpointOf(listeners: readonly string[]): string | undefined {
  const tcp = listeners.map(parseListener).find((spec) => spec.kind === "tcp");
  if (tcp === undefined) return undefined;
  const { host, port, isTls } = tcp;
  const reachable = isWildcardHost(host) ? "127.0.0.1" : host;
  const name = reachable.includes(":") ? `[${reachable}]` : reachable;
  return `${isTls ? "https" : "http"}://${name}:${port}/mcp`;
}
