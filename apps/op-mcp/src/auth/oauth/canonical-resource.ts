import { isLoopbackHost } from "../guard/listen-address.ts";

/** The one way to write the URL of a resource: lower case, no default port, no slash at its end. Nothing when it is none. */
export function canonicalResource(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const { protocol, host, pathname, search, hash, username, password } = new URL(text);
  if (protocol !== "https:" && protocol !== "http:") return undefined;
  if (hash !== "" || username !== "" || password !== "") return undefined;
  return `${protocol}//${host}${pathname.replace(/\/+$/u, "")}${search}`;
}

/** Whether a URL can be trusted to lead where it says: by TLS, or without leaving this machine. */
export function isTrustedUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password } = new URL(text);
  if (username !== "" || password !== "") return false;
  return protocol === "https:" || (protocol === "http:" && isLoopbackHost(hostname));
}
