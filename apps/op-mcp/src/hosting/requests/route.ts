/** What a request is for. */
export type Route =
  | { readonly kind: "mcp" | "sse" | "ws"; readonly view: string }
  | { readonly kind: "health" | "ready" | "metrics" | "metadata" };

/** The names of routes, for metrics and the audit log: a closed set, whatever clients ask for. */
export type RouteName = Route["kind"] | "none";

const plain: ReadonlyMap<string, Route> = new Map(
  (["health", "ready", "metrics"] as const).map((kind) => [`/${kind}`, { kind }]),
);

const metadata: Route = { kind: "metadata" };

/** The path of a request's target, as it was sent. */
export function pathOf(url: string): string {
  const query = url.indexOf("?");
  return query === -1 ? url : url.slice(0, query);
}

/** Finds what a path is for. Paths are compared as they were sent: nothing is decoded, so nothing can be disguised. */
export function findRoute(path: string): Route | undefined {
  const groups = /^\/(?<kind>mcp|sse|ws)(?:\/(?<view>[a-z0-9-]{1,48}))?$/u.exec(path)?.groups;
  const kind = groups?.["kind"];
  if (kind === "mcp" || kind === "sse" || kind === "ws") {
    return { kind, view: groups?.["view"] ?? "" };
  }
  if (path.startsWith("/.well-known/oauth-protected-resource")) return metadata;
  return plain.get(path);
}
