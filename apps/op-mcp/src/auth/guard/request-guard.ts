import { isIP } from "node:net";
import { headerValues, type AuthRequest } from "../auth-request.ts";
import {
  isLoopbackHost,
  isWildcardHost,
  loopbackNames,
  type ListenAddress,
} from "./listen-address.ts";

/** Who may be addressed, and from which web pages. */
export interface RequestGuardOptions {
  readonly address: ListenAddress;
  /** Names this server has besides those of its address, as in `mcp.example.org` or, where the port matters, `mcp.example.org:8443`. */
  readonly hosts: readonly string[];
  /** Web pages that may call, as in `https://app.example.org`. */
  readonly origins: readonly string[];
}

/** Why a request is turned away before anybody asks who sends it. */
export interface GuardRefusal {
  readonly status: 400 | 403;
  readonly code: "host-invalid" | "host-unknown" | "origin-not-allowed" | "target-invalid";
  readonly reason: string;
}

/** Says why a request must be turned away, or nothing. */
export type RequestGuard = (
  request: Pick<AuthRequest, "url" | "rawHeaders">,
) => GuardRefusal | undefined;

/**
 * Keeps web pages out that reach this server through a name they bound to it anew. A browser says in Host by which name
 * it was led here, and in Origin by whom: the first must be a name of this server, the second, where there is one, a
 * page that was allowed. Programs send no Origin.
 */
export function createRequestGuard(options: RequestGuardOptions): RequestGuard {
  const isOurs = createHostCheck(options);
  const origins = new Set(options.origins.map((origin) => origin.toLowerCase()));
  /** The last Host that was right: most requests have the same. */
  let known: string | undefined;
  return ({ url, rawHeaders }) => {
    // An absolute target would name another host than the header.
    if (!url.startsWith("/"))
      return refusal(400, "target-invalid", "The request is not for this server.");
    const [text = "", ...more] = headerValues(rawHeaders, "host");
    if (more.length > 0 || text !== known) {
      const host = more.length === 0 ? parseHost(text) : undefined;
      if (host === undefined)
        return refusal(400, "host-invalid", "The request needs one valid Host header.");
      if (!isOurs(host)) {
        return refusal(
          403,
          "host-unknown",
          "This server is not known by the name in the Host header.",
        );
      }
      known = text;
    }
    const isAllowed = headerValues(rawHeaders, "origin").every((origin) =>
      origins.has(origin.toLowerCase()),
    );
    if (isAllowed) return undefined;
    return refusal(403, "origin-not-allowed", "Web pages of this origin may not call this server.");
  };
}

interface Host {
  readonly name: string;
  readonly port: string | undefined;
}

/** Reads a Host header strictly: no user, no path, no shorthand of an address that programs understand differently. */
export function parseHost(text: string): Host | undefined {
  const groups = /^(?<name>\[[0-9a-f:.]+\]|[a-z0-9_.-]+)(?::(?<port>\d{1,5}))?$/iu.exec(
    text,
  )?.groups;
  const name = groups?.["name"]?.toLowerCase().replace(/\.$/u, "");
  if (name === undefined || name === "") return undefined;
  if (name.startsWith("[") && isIP(name.slice(1, -1)) !== 6) return undefined;
  return { name, port: groups?.["port"] };
}

function createHostCheck({ address, hosts }: RequestGuardOptions): (host: Host) => boolean {
  const known = new Set(hosts.map((host) => host.toLowerCase()));
  const isListed = ({ name, port }: Host): boolean =>
    known.has(name) || (port !== undefined && known.has(`${name}:${port}`));
  if (address.kind === "unix") return () => true;
  if (isWildcardHost(address.host)) {
    // A page can bind a name anew, never an address: whoever names one means the machine that has it.
    return (host) => isListed(host) || isAddress(host.name) || host.name === "localhost";
  }
  const own = new Set(isLoopbackHost(address.host) ? loopbackNames : []);
  own.add(toHostName(address.host));
  return (host) => own.has(host.name) || isListed(host);
}

function isAddress(name: string): boolean {
  return name.startsWith("[") || isIP(name) === 4;
}

function toHostName(host: string): string {
  return isIP(host) === 6 ? `[${host.toLowerCase()}]` : host.toLowerCase();
}

function refusal(
  status: GuardRefusal["status"],
  code: GuardRefusal["code"],
  reason: string,
): GuardRefusal {
  return { status, code, reason };
}
