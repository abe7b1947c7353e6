import { AuditFormatError } from "../audit-error.ts";
import { AuditRecord, type AuditEntry } from "./audit-entry.ts";

/** Reads the JSON of a record that has this place. Throws `ERR_AUDIT_FORMAT` when the schema does not know it. */
export function parseEntry(seq: number, json: string): AuditEntry {
  const record = AuditRecord.safeParse(parseJson(seq, json));
  if (!record.success) {
    throw new AuditFormatError(`audit entry ${seq}`, "it does not fit the schema.", record.error);
  }
  return { ...record.data, seq };
}

/** Reads the JSON of a record that may have been damaged, or written by a later version; nothing, if it is unknown. */
export function parseKnownEntry(seq: number, json: string): AuditEntry | undefined {
  try {
    return parseEntry(seq, json);
  } catch (error) {
    if (error instanceof AuditFormatError) return undefined;
    throw error;
  }
}

function parseJson(seq: number, json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    throw new AuditFormatError(`audit entry ${seq}`, "it is not JSON.", error);
  }
}
