import { canonicalJson } from "../entry/canonical-json.ts";
import type { AuditMessage } from "./audit-sink.ts";

/** Makes the message for a signed checkpoint. */
export function checkpointMessage(at: string, size: number, note: string): AuditMessage {
  return { kind: "checkpoint", at, size, text: note };
}

/** One line of JSON for any message, for destinations that take lines. */
export function messageLine(message: AuditMessage): string {
  if (message.kind === "entry") return message.text;
  const { at, size, text } = message;
  return canonicalJson({ at, checkpoint: text, size });
}

/** How urgent a message is, as syslog counts. */
const severities = { warning: 4, notice: 5, info: 6 } as const;

const loud: ReadonlySet<string> = new Set([
  "authentication-failed",
  "call-refused",
  "clock-went-backwards",
  "entries-lost",
  "limit-hit",
  "log-recovered",
]);

/** How urgent a message is: what was refused, failed or is odd is a warning, what may destroy a notice. */
export function severityOf(message: AuditMessage): number {
  if (message.kind === "checkpoint") return severities.info;
  const { entry } = message;
  if (entry.kind === "event") return loud.has(entry.event) ? severities.warning : severities.notice;
  if (entry.kind === "call-ended" && entry.outcome !== "ok") return severities.warning;
  return entry.risk === "destructive" || entry.risk === "privileged"
    ? severities.notice
    : severities.info;
}
