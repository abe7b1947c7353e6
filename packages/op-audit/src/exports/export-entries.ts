import type { AuditEntry } from "../entry/audit-entry.ts";
import { canonicalJson } from "../entry/canonical-json.ts";
import { toCef } from "./to-cef.ts";
import { csvHeader, toCsv } from "./to-csv.ts";
import { toOtelLogs } from "./to-otel-logs.ts";

/** The formats that entries can be exported in. */
export const exportFormats = ["jsonl", "csv", "cef", "otel"] as const;

/** A format that entries can be exported in. */
export type ExportFormat = (typeof exportFormats)[number];

const otelBatch = 256;

/** Writes entries in a format, line by line, each with its newline. */
export async function* exportEntries(
  entries: AsyncIterable<AuditEntry>,
  format: ExportFormat,
): AsyncGenerator<string> {
  if (format === "otel") {
    yield* exportOtel(entries);
    return;
  }
  if (format === "csv") yield csvHeader;
  for await (const entry of entries) yield writers[format](entry);
}

const writers: Readonly<Record<Exclude<ExportFormat, "otel">, (entry: AuditEntry) => string>> = {
  jsonl: (entry) => `${canonicalJson(entry)}\n`,
  csv: toCsv,
  cef: (entry) => `${toCef(entry)}\n`,
};

/** Collectors read one request a line, so one line carries many entries. */
async function* exportOtel(entries: AsyncIterable<AuditEntry>): AsyncGenerator<string> {
  let batch: AuditEntry[] = [];
  for await (const entry of entries) {
    batch.push(entry);
    if (batch.length < otelBatch) continue;
    yield `${JSON.stringify(toOtelLogs(batch))}\n`;
    batch = [];
  }
  if (batch.length > 0) yield `${JSON.stringify(toOtelLogs(batch))}\n`;
}
