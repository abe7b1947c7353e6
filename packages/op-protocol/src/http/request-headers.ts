import type { IncomingMessage } from "node:http";
import type { TraceContext } from "op-core";

/** One header as a string; Node joins the values of one that came more than once. */
export function headerOf(
  { headers }: Pick<IncomingMessage, "headers">,
  name: string,
): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(", ") : value;
}

/** The trace context of a request, as part of what is known of its sender. */
export function traceOf(req: Pick<IncomingMessage, "headers">): { readonly trace?: TraceContext } {
  const traceparent = headerOf(req, "traceparent");
  if (traceparent === undefined) return {};
  const tracestate = headerOf(req, "tracestate");
  return { trace: tracestate === undefined ? { traceparent } : { traceparent, tracestate } };
}

export const versionHeader = "mcp-protocol-version";
export const sessionHeader = "mcp-session-id";
export const lastEventHeader = "last-event-id";
