import type { AuditEntry } from "../entry/audit-entry.ts";
import { canonicalJson } from "../entry/canonical-json.ts";

/** The fields of an entry, in the order tables show them. */
export const flatFields = [
  "seq",
  "at",
  "kind",
  "event",
  "principal",
  "client",
  "sessionId",
  "requestId",
  "traceId",
  "tool",
  "via",
  "source",
  "risk",
  "verdict",
  "rule",
  "reason",
  "outcome",
  "errorCode",
  "durationMs",
  "backend",
  "agent",
  "arguments",
  "argumentsBytes",
  "argumentsDigest",
  "resultBytes",
  "resultDigest",
  "details",
  "monotonicMs",
] as const;

/** One field of a flat entry. */
export type FlatField = (typeof flatFields)[number];

/** An entry without nesting; what JSON nests is written as JSON. */
export function flattenEntry(entry: AuditEntry): ReadonlyMap<FlatField, string | number> {
  const call = entry.kind === "event" ? undefined : entry;
  const { name, version } = entry.client ?? {};
  const nested: Partial<Record<FlatField, string | undefined>> = {
    client: version === undefined ? name : `${name} ${version}`,
    verdict: call?.decision?.verdict,
    rule: call?.decision?.rule,
    reason: call?.decision?.reason,
    arguments: call?.arguments === undefined ? undefined : canonicalJson(call.arguments),
    details:
      entry.kind !== "event" || entry.details === undefined
        ? undefined
        : canonicalJson(entry.details),
  };
  const values = new Map<string, unknown>(Object.entries({ ...entry, ...nested }));
  const flat = new Map<FlatField, string | number>();
  for (const field of flatFields) {
    const value = values.get(field);
    if (typeof value === "string" || typeof value === "number") flat.set(field, value);
  }
  return flat;
}
