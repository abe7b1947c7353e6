import type { AuditEntry, AuditEventName, AuditOutcome, AuditRisk } from "../entry/audit-entry.ts";

/** Which entries are wanted; all that is set has to fit. */
export interface AuditFilter {
  /** The first and the last moment, in milliseconds since the epoch. */
  readonly fromMs?: number;
  readonly toMs?: number;
  readonly principal?: string;
  readonly tool?: string;
  readonly outcome?: AuditOutcome;
  readonly risk?: AuditRisk;
  readonly sessionId?: string;
  readonly kind?: AuditEntry["kind"];
  readonly event?: AuditEventName;
  /** Stands anywhere in the entry's JSON, in upper or lower case. */
  readonly text?: string;
  /** Only entries behind this place, or before it: for paging. */
  readonly afterSeq?: number;
  readonly beforeSeq?: number;
}
