import type { AuditEntry } from "../entry/audit-entry.ts";
import { flatFields, flattenEntry } from "./flat-entry.ts";

/** The first line of a table. */
export const csvHeader = `${flatFields.join(",")}\r\n`;

/**
 * Writes an entry as a line of a table (RFC 4180). Text that a spreadsheet would take for a formula gets an apostrophe
 * in front, because principals, tools and arguments come from strangers.
 */
export function toCsv(entry: AuditEntry): string {
  const flat = flattenEntry(entry);
  return `${flatFields.map((field) => cell(flat.get(field))).join(",")}\r\n`;
}

const formulaStart = /^[\s]*[=+\-@\t\r\n|%]/;

function cell(value: string | number | undefined): string {
  if (value === undefined) return "";
  if (typeof value === "number") return String(value);
  const text = formulaStart.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
