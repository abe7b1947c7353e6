import { messageLine, severityOf } from "./audit-message.ts";
import type { AuditMessage } from "./audit-sink.ts";

/** Who sends. */
export interface SyslogOrigin {
  readonly hostname: string;
  readonly appName: string;
  readonly processId: string;
  /** 13, log audit, unless told: RFC 5424, 6.2.1. */
  readonly facility: number;
}

/** Writes a message as RFC 5424 does, with its place, tool and principal as structured data. */
export function formatSyslog(message: AuditMessage, origin: SyslogOrigin): string {
  const priority = origin.facility * 8 + severityOf(message);
  const at = message.kind === "entry" ? message.entry.at : message.at;
  const head = [
    `<${priority}>1`,
    at,
    headerField(origin.hostname, 255),
    headerField(origin.appName, 48),
    headerField(origin.processId, 128),
    headerField(message.kind === "entry" ? message.entry.kind : "checkpoint", 32),
  ];
  // The mark says that the text is UTF-8.
  return `${head.join(" ")} ${structuredData(message)} \uFEFF${messageLine(message)}`;
}

function headerField(text: string, longest: number): string {
  const printable = text.replaceAll(/[^\x21-\x7e]/g, "_").slice(0, longest);
  return printable === "" ? "-" : printable;
}

/** The enterprise number is the one RFC 5612 keeps for documentation, since op-mcp has none. */
const structuredId = "audit@32473";

function structuredData(message: AuditMessage): string {
  const fields = message.kind === "entry" ? entryFields(message.entry) : { size: message.size };
  const parameters = Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}="${String(value).replaceAll(/["\\\]]/g, String.raw`\$&`)}"`);
  return `[${structuredId}${parameters.join("")}]`;
}

function entryFields(
  entry: Extract<AuditMessage, { kind: "entry" }>["entry"],
): Record<string, unknown> {
  const { seq, principal } = entry;
  if (entry.kind === "event") return { seq, principal, event: entry.event };
  const outcome = entry.kind === "call-ended" ? entry.outcome : undefined;
  return { seq, principal, tool: entry.tool, outcome };
}
