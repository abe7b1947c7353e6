import { startDeadline, type Clock } from "op-core";
import { readBody, type FetchPort } from "../client/http-exchange.ts";
import { UpstreamAuthorizationError } from "./oauth-error.ts";

/** What reaching an authorization server takes. */
export interface GuardedFetchOptions {
  readonly name: string;
  readonly serverUrl: URL;
  readonly fetch: FetchPort;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Told when the authorization server could not answer. */
  readonly onFailure: (detail: string) => void;
}

const mostBytes = 1024 * 1024;
const mostMs = 30_000;

function isLoopback({ hostname }: URL): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(?:\.\d+){3}$/u.test(hostname);
}

/**
 * The address comes from the MCP server, which may want something fetched that only this machine can reach: it must be
 * HTTPS, and of this machine only where the server is so too.
 */
function isAcceptable(url: URL, serverUrl: URL): boolean {
  if (isLoopback(url)) return isLoopback(serverUrl);
  return url.protocol === "https:" || url.origin === serverUrl.origin;
}

/** Fetches what an authorization server says: from addresses that may be asked, in bounded time and size. */
export function createGuardedFetch(
  options: GuardedFetchOptions,
): (url: string | URL, init?: RequestInit) => Promise<Response> {
  const { name, serverUrl, clock, signal, onFailure } = options;
  return async (address, init = {}) => {
    const url = new URL(address);
    if (!isAcceptable(url, serverUrl))
      throw new UpstreamAuthorizationError(name, `${url.origin} is not asked for one`, {});
    using deadline = startDeadline({ what: `Asking ${url.origin}`, ms: mostMs, clock, signal });
    try {
      const { signal: within } = deadline;
      // Where it is sent elsewhere, the flow decides, and asks again.
      const asked = { ...init, signal: within, redirect: init.redirect ?? "manual" } as const;
      const response = await options.fetch(url, asked);
      const { status, statusText, headers } = response;
      if (status >= 500) onFailure(`${url.origin} answered with HTTP status ${status}.`);
      const text = await readBody(response, mostBytes);
      // A response to a redirection or without content takes no body.
      const body = text === "" ? undefined : text;
      return status >= 200 ? new Response(body, { status, statusText, headers }) : response;
    } catch (error) {
      signal.throwIfAborted();
      onFailure(`${url.origin} cannot be reached.`);
      throw error;
    }
  };
}
