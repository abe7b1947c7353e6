import type { IncomingMessage } from "node:http";

/** One header as a string; Node joins the values of one that came more than once. */
export function headerOf(
  { headers }: Pick<IncomingMessage, "headers">,
  name: string,
): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(", ") : value;
}

export const versionHeader = "mcp-protocol-version";
export const sessionHeader = "mcp-session-id";
export const lastEventHeader = "last-event-id";
