import type { JsonObject } from "op-core";
import type { AuditEntry } from "../entry/audit-entry.ts";
import { flattenEntry } from "./flat-entry.ts";

const severities = {
  info: { number: 9, text: "INFO" },
  warn: { number: 13, text: "WARN" },
} as const;

/** Writes entries as one OTLP/JSON request for logs, as an OpenTelemetry collector takes it. */
export function toOtelLogs(entries: readonly AuditEntry[]): JsonObject {
  return {
    resourceLogs: [
      {
        resource: { attributes: [attribute("service.name", "op-mcp")] },
        scopeLogs: [{ scope: { name: "op-audit" }, logRecords: entries.map(toLogRecord) }],
      },
    ],
  };
}

function toLogRecord(entry: AuditEntry): JsonObject {
  const isBad = entry.kind === "call-ended" && entry.outcome !== "ok";
  const severity = isBad ? severities.warn : severities.info;
  const time = `${Date.parse(entry.at)}000000`;
  const attributes = [...flattenEntry(entry)]
    .filter(([field]) => field !== "at" && field !== "traceId")
    .map(([field, value]) => attribute(`audit.${field}`, value));
  return {
    timeUnixNano: time,
    observedTimeUnixNano: time,
    severityNumber: severity.number,
    severityText: severity.text,
    eventName: entry.kind === "event" ? `audit.${entry.event}` : `audit.${entry.kind}`,
    body: { stringValue: entry.kind === "event" ? entry.event : `${entry.kind} ${entry.tool}` },
    attributes,
    ...traceOf(entry),
  };
}

/** OTLP knows only trace ids of W3C; another one stays an attribute. */
function traceOf({ traceId }: AuditEntry): JsonObject {
  return traceId !== undefined && /^[0-9a-f]{32}$/.test(traceId) ? { traceId } : {};
}

function attribute(key: string, value: string | number): JsonObject {
  if (typeof value === "string") return { key, value: { stringValue: value } };
  return {
    key,
    value: Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value },
  };
}
