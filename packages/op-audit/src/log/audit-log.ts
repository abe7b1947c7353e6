import type { AuditDraft } from "../entry/audit-draft.ts";
import type { AuditKey } from "../checkpoints/audit-key.ts";
import type { CheckpointState } from "../checkpoints/checkpointer.ts";
import type { Removal } from "../retention/choose-removals.ts";
import type { SinkState } from "../sinks/sink-queue.ts";

/** What appending takes. */
export interface AppendOptions {
  /** What happens if the log cannot be written: see {@link AuditLog.append}. As the log was opened with, unless told. */
  readonly whenUnavailable?: "refuse" | "continue";
  /** Heeded until the entry is queued; from then on it is written. */
  readonly signal?: AbortSignal;
}

/** What became of an entry. */
export type AuditReceipt =
  | { readonly isDurable: true; readonly seq: number }
  | { readonly isDurable: false; readonly error: unknown };

/** How a log is doing. */
export interface AuditState {
  readonly status: "ready" | "unavailable" | "closed";
  /** How many durable entries it has. */
  readonly size: number;
  /** Entries that could not be written and whose calls went on. */
  readonly lost: number;
  /** Entries that could not be written and whose calls were refused. */
  readonly refused: number;
  /** Why it is unavailable. */
  readonly error?: unknown;
  readonly checkpoint?: CheckpointState;
  readonly sinks: readonly SinkState[];
}

/** Where entries go. */
export interface AuditLog extends AsyncDisposable {
  readonly state: AuditState;
  /**
   * Writes an entry. Resolves with its place once it is durable: no crash and no power cut loses it then. If it cannot
   * be written, `"refuse"` rejects with `ERR_AUDIT_UNAVAILABLE`, and `"continue"` resolves with `isDurable: false`,
   * logs an error, and the log notes later how many entries it lost. Either way the next entry is tried again.
   *
   * Throws `ERR_AUDIT_ENTRY` for what is not JSON, and `ERR_AUDIT_CLOSED` after the log was closed.
   */
  append(draft: AuditDraft, options?: AppendOptions): Promise<AuditReceipt>;
}

/** A log on the disk. */
export interface FileAuditLog extends AuditLog {
  readonly directory: string;
  readonly origin: string;
  /** Signs what is durable now and returns the note; nothing, if the log has no key. */
  checkpoint(): Promise<string | undefined>;
  /** Signs with another key from now on. The last checkpoint of the old key names the new one. */
  rotateKey(key: AuditKey): Promise<void>;
  /** Closes the current segment and begins another. */
  rotate(): Promise<void>;
  /** Compresses closed segments and removes what retention does not keep; returns what was removed. */
  tidy(): Promise<readonly Removal[]>;
}
