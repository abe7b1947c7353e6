import type { AuditEntry } from "../entry/audit-entry.ts";
import { canonicalJson } from "../entry/canonical-json.ts";
import type { AuditFilter } from "./audit-filter.ts";

/** Whether an entry is one of those that are wanted. */
export function matchesFilter({ seq, ...record }: AuditEntry, filter: AuditFilter): boolean {
  const { fromMs, toMs, text, afterSeq, beforeSeq, ...values } = filter;
  const fields = new Map<string, unknown>(Object.entries(record));
  const at = Date.parse(record.at);
  return (
    (fromMs === undefined || at >= fromMs) &&
    (toMs === undefined || at <= toMs) &&
    (afterSeq === undefined || seq > afterSeq) &&
    (beforeSeq === undefined || seq < beforeSeq) &&
    Object.entries(values).every(
      ([name, value]) => value === undefined || fields.get(name) === value,
    ) &&
    (text === undefined || canonicalJson(record).toLowerCase().includes(text.toLowerCase()))
  );
}
