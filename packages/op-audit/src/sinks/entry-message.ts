import { canonicalJson } from "../entry/canonical-json.ts";
import { AuditRecord } from "../entry/audit-entry.ts";
import { AuditFormatError } from "../audit-error.ts";
import type { AuditMessage } from "./audit-sink.ts";

/** Makes the message for an entry from its record; `seq` is missing if it could not be written. */
export function entryMessage(body: string, seq: number | undefined): AuditMessage {
  const record = AuditRecord.safeParse(JSON.parse(body));
  if (!record.success)
    throw new AuditFormatError("an audit entry", "it does not fit the schema.", record.error);
  const entry = seq === undefined ? record.data : { ...record.data, seq };
  return { kind: "entry", entry, text: canonicalJson(entry) };
}
