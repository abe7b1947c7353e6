import type { AuditDraft } from "../entry/audit-draft.ts";
import type { AuditKey } from "../checkpoints/audit-key.ts";
import type { CheckpointState } from "../checkpoints/checkpointer.ts";
import type { Removal } from "../retention/choose-removals.ts";
import type { SnapshotState } from "../snapshots/snapshot-store.ts";
import type { SinkState } from "../sinks/sink-queue.ts";

/** What appending takes. */
export interface AppendOptions {
  /** What happens if the log cannot be written: see {@link AuditLog.append}. As the log was opened with, unless told. */
  readonly whenUnavailable?: "refuse" | "continue";
  /** Heeded until the entry is queued; from then on it is written. */
  readonly signal?: AbortSignal;
}

/** What appending without waiting takes. */
export type EnqueueOptions = Pick<AppendOptions, "whenUnavailable">;

/** What became of an entry. */
export type AuditReceipt =
  | { readonly isDurable: true; readonly seq: number }
  | { readonly isDurable: false; readonly error: unknown };

/** How a log is doing. */
export interface AuditState {
  /** `unavailable` while entries cannot be written, or too many wait already: whoever wants to refuse a call does so now. */
  readonly status: "ready" | "unavailable" | "closed";
  /** How many durable entries it has. */
  readonly size: number;
  /** How many entries were enqueued and are not durable yet. */
  readonly queued: number;
  /** Entries that could not be written and whose calls went on. */
  readonly lost: number;
  /** Entries that could not be written and whose calls were refused. */
  readonly refused: number;
  /** Why it is unavailable. */
  readonly error?: unknown;
  readonly checkpoint?: CheckpointState;
  /** Set for a log on the disk. */
  readonly snapshots?: SnapshotState;
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
  /**
   * Takes an entry without waiting for it: for calls whose entry may be lost by a crash within the next moment. It is
   * stamped now, and written in order with the next entry that somebody waits for, or after a while
   * (`flushIntervalMs`, `flushEntries`). The draft is kept as it is and must not be changed any more, nor anything in it;
   * if it turns out not to be JSON, the log has an entry about that in its place.
   *
   * If the log is unavailable, `"refuse"` throws `ERR_AUDIT_UNAVAILABLE`, and `"continue"` keeps the entry until it can be
   * written, or counts it as lost where too many wait. Throws `ERR_AUDIT_CLOSED` after the log was closed.
   */
  enqueue(draft: AuditDraft, options?: EnqueueOptions): void;
  /** Writes what was enqueued. Resolves when that was tried; the state says whether something is left. */
  flush(): Promise<void>;
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
