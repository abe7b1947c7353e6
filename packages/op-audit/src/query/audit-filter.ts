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

/** Which entries are counted: what a text is in takes reading them. */
export type CountFilter = Omit<AuditFilter, "text">;

/** How many entries there are, and when the first and the last of them were written. */
export interface AuditTotals {
  readonly count: number;
  /** In milliseconds since the epoch; missing where there is no entry. */
  readonly fromMs?: number;
  readonly toMs?: number;
}

/** How many entries have a value. */
export interface ValueCount {
  readonly value: string;
  readonly count: number;
}
