import type { AuditEntry } from "../entry/audit-entry.ts";
import { flattenEntry, type FlatField } from "./flat-entry.ts";

/** Which of an entry's fields have a key in CEF's dictionary; the others are custom strings with their labels. */
const keys: Partial<Record<FlatField, string>> = {
  seq: "externalId",
  principal: "suser",
  client: "requestClientApplication",
  sessionId: "cs1",
  requestId: "cs2",
  traceId: "cs3",
  tool: "act",
  source: "sproc",
  rule: "cs4",
  arguments: "cs5",
  argumentsDigest: "cs6",
  reason: "reason",
  outcome: "outcome",
  errorCode: "flexString1",
  risk: "flexString2",
  durationMs: "cn1",
  resultBytes: "cn2",
  details: "msg",
};

const labels: Partial<Record<FlatField, string>> = {
  sessionId: "session",
  requestId: "request",
  traceId: "trace",
  rule: "rule",
  arguments: "arguments",
  argumentsDigest: "arguments digest",
  errorCode: "error code",
  risk: "risk",
  durationMs: "duration in ms",
  resultBytes: "result bytes",
};

/** Writes an entry as a line of ArcSight's Common Event Format, without its newline. */
export function toCef(entry: AuditEntry): string {
  const flat = flattenEntry(entry);
  const [id, name] =
    entry.kind === "event"
      ? [entry.event, entry.event]
      : [entry.kind, `${entry.kind} ${entry.tool}`];
  const head = ["CEF:0", "op-mcp", "op-audit", String(entry.v), id, name, String(severity(entry))];
  const extension = [`rt=${Date.parse(entry.at)}`];
  for (const [field, value] of flat) {
    const key = keys[field];
    if (key === undefined) continue;
    extension.push(`${key}=${escapeValue(String(value))}`);
    const label = labels[field];
    if (label !== undefined) extension.push(`${key}Label=${label}`);
  }
  return `${head.map(escapeHeader).join("|")}|${extension.join(" ")}`;
}

/** From 0 to 10. */
function severity(entry: AuditEntry): number {
  if (entry.kind === "event") return entry.event === "authentication-failed" ? 7 : 4;
  if (entry.kind === "call-ended" && entry.outcome === "refused") return 6;
  return { read: 1, write: 3, destructive: 6, privileged: 7 }[entry.risk ?? "destructive"];
}

function escapeHeader(text: string): string {
  return text.replaceAll(/[\\|]/g, String.raw`\$&`).replaceAll(/[\r\n]+/g, " ");
}

function escapeValue(text: string): string {
  return text
    .replaceAll(/[\\=]/g, String.raw`\$&`)
    .replaceAll("\r", String.raw`\r`)
    .replaceAll("\n", String.raw`\n`);
}
