import type { IncomingMessage } from "node:http";
import { serverErrorCode, type Refusal } from "./refusal.ts";

/** Who may be addressed, and from where. */
export interface RebindingGuardOptions {
  /** Host names this server is known by, without ports; IPv6 addresses in brackets. */
  readonly hosts: readonly string[];
  /** Origins of web pages that may call besides those on the hosts themselves, for example `https://app.example`. */
  readonly origins?: readonly string[];
}

/** Says why a request must be turned away, or nothing. */
export type RebindingGuard = (req: Pick<IncomingMessage, "headers">) => Refusal | undefined;

/** The names of this machine as its own programs know it. */
export const loopbackHosts: readonly string[] = ["localhost", "127.0.0.1", "[::1]"];

function hostnameOf(host: string): string | undefined {
  return /^(\[[0-9a-f:.]+\]|[^:/@\s]+)(?::\d+)?$/iu.exec(host)?.[1]?.toLowerCase();
}

function forbidden(message: string): Refusal {
  return { status: 403, code: serverErrorCode, message };
}

/**
 * Keeps web pages out that reach a local server through a name they rebound to it: the Host header must be one of the
 * server's own names, and an Origin, which browsers always send, must be one of them or be allowed.
 */
export function createRebindingGuard(options: RebindingGuardOptions): RebindingGuard {
  const hosts = new Set(options.hosts.map((host) => host.toLowerCase()));
  const origins = new Set(options.origins?.map((origin) => origin.toLowerCase()));
  return ({ headers }) => {
    const host = hostnameOf(headers.host ?? "");
    if (host === undefined || !hosts.has(host))
      return forbidden("This server is not known by the name in the Host header.");
    const origin = headers.origin?.toLowerCase();
    if (origin === undefined || origins.has(origin)) return undefined;
    const from = /^https?:\/\/(?<host>.+)$/u.exec(origin)?.groups?.["host"];
    const isOwn = from !== undefined && hosts.has(hostnameOf(from) ?? "");
    return isOwn ? undefined : forbidden("Web pages of this origin may not call this server.");
  };
}
