import type { AuditFilter } from "op-audit";
import {
  ResourceNotFoundError,
  risks,
  type Principal,
  type ReadOptions,
  type ResourceContents,
  type ResourceDescriptor,
  type ResourceSource,
  type ResourceTemplateDescriptor,
} from "op-tools";
import type { Audit } from "./audit.ts";

/** What the source of audit entries takes. */
export interface AuditSourceOptions {
  readonly audit: Audit;
  readonly root: string;
  /** Whether somebody may read what everybody did. */
  readonly mayRead: (principal: Principal) => boolean;
}

const recent: ResourceDescriptor = {
  uri: "audit://recent",
  name: "audit-recent",
  title: "Recent audit entries",
  description:
    "The last hundred entries of the audit log, newest first: who called what, and how it ended.",
  mimeType: "application/x-ndjson",
};

const query: ResourceTemplateDescriptor = {
  uriTemplate: "audit://entries{?principal,tool,outcome,risk,session,text,limit}",
  name: "audit-entries",
  title: "Audit entries",
  description:
    "Entries of the audit log that fit, newest first. outcome is ok, failed, refused, cancelled or timed-out; risk is read, write, destructive or privileged.",
  mimeType: "application/x-ndjson",
};

const parameters: ReadonlySet<string> = new Set([
  "principal",
  "tool",
  "outcome",
  "risk",
  "session",
  "text",
]);

const defaultLimit = 100;
const mostEntries = 1000;

/** Offers the audit log to those who may read it. Others see its name; reading finds nothing for them. */
export function createAuditSource({ audit, root, mayRead }: AuditSourceOptions): ResourceSource {
  return {
    name: "audit",
    list: async function* () {
      yield recent;
    },
    templates: async function* () {
      yield query;
    },
    owns: (uri) => uri.startsWith("audit://"),
    read: async (uri, { principal, signal }: ReadOptions) => {
      const asked = parse(uri);
      if (asked === undefined || !mayRead(principal)) throw new ResourceNotFoundError(uri);
      await audit.flush();
      return [await readEntries(uri, { root, ...asked, signal })];
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

interface Asked {
  readonly filter: AuditFilter;
  readonly limit: number;
}

/** What a URI asks for; unknown parameters fit nothing, so that a mistyped filter does not show everything. */
function parse(uri: string): Asked | undefined {
  const url = URL.parse(uri);
  if (url?.host === "recent" && url.search === "") return { filter: {}, limit: defaultLimit };
  if (url?.host !== "entries") return undefined;
  const given = new Map(url.searchParams);
  const limit = Number(given.get("limit") ?? defaultLimit);
  given.delete("limit");
  if ([...given.keys()].some((name) => !parameters.has(name)) || !(limit > 0)) return undefined;
  return { filter: toFilter(given), limit: Math.min(Math.trunc(limit), mostEntries) };
}

const outcomes = ["ok", "failed", "refused", "cancelled", "timed-out"] as const;

/** A value that no entry can have finds none. */
function toFilter(given: ReadonlyMap<string, string>): AuditFilter {
  const outcome = outcomes.find((each) => each === given.get("outcome"));
  const risk = risks.find((each) => each === given.get("risk"));
  const isImpossible =
    (given.has("outcome") && outcome === undefined) || (given.has("risk") && risk === undefined);
  const named = {
    principal: given.get("principal"),
    tool: given.get("tool"),
    sessionId: given.get("session"),
    text: given.get("text"),
    outcome,
    risk,
    ...(isImpossible ? { beforeSeq: 0 } : {}),
  };
  return Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined));
}

async function readEntries(
  uri: string,
  { root, filter, limit, signal }: Asked & { readonly root: string; readonly signal: AbortSignal },
): Promise<ResourceContents> {
  // Reading needs the index and its database, writing does not.
  const { openAuditLogs } = await import("./audit-logs.ts");
  await using logs = await openAuditLogs(root);
  const found = await logs.find(filter, { limit, order: "newest", signal });
  const text = found.map(({ log, entry }) => JSON.stringify({ log, ...entry })).join("\n");
  return { uri, mimeType: "application/x-ndjson", text };
}
