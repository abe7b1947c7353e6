/**
 * An audit log: what it acknowledged is on the disk, and nobody can alter it unseen. It knows nothing of MCP and decides
 * nothing; whoever uses it says what is worth an entry.
 */
export { AuditConfig, LegalHold } from "./audit-config.ts";
export {
  AuditClosedError,
  AuditEntryError,
  AuditFormatError,
  AuditKeyError,
  AuditLockedError,
  AuditProofError,
  AuditSinkError,
  AuditUnavailableError,
  type AnyAuditError,
} from "./audit-error.ts";
export type { Fault, FaultKind } from "./chain/fault.ts";
export {
  createAuditKey,
  openAuditKey,
  type AuditKey,
  type OpenAuditKeyOptions,
} from "./checkpoints/audit-key.ts";
export { parseCheckpoint, type Checkpoint } from "./checkpoints/checkpoint.ts";
export type { CheckpointState } from "./checkpoints/checkpointer.ts";
export {
  parseNote,
  parseVerifier,
  verifyNote,
  type Note,
  type NoteSigner,
  type Verifier,
} from "./checkpoints/signed-note.ts";
export type {
  AuditDraft,
  CallBeganDraft,
  CallEndedDraft,
  SecurityEventDraft,
} from "./entry/audit-draft.ts";
export {
  AuditDecision,
  AuditEventName,
  AuditOutcome,
  AuditRecord,
  AuditRisk,
  CallBegan,
  CallEnded,
  SecurityEvent,
  type AuditEntry,
} from "./entry/audit-entry.ts";
export { canonicalJson } from "./entry/canonical-json.ts";
export { entryVersion } from "./entry/entry-version.ts";
export { exportEntries, exportFormats, type ExportFormat } from "./exports/export-entries.ts";
export type { AppendFile, AuditFiles } from "./files/audit-files.ts";
export { nodeFiles } from "./files/node-files.ts";
export type {
  AppendOptions,
  AuditLog,
  AuditReceipt,
  AuditState,
  EnqueueOptions,
  FileAuditLog,
} from "./log/audit-log.ts";
export {
  createMemoryAuditLog,
  type MemoryAuditLog,
  type MemoryAuditLogOptions,
} from "./log/memory-audit-log.ts";
export { openAuditLog, type OpenAuditLogOptions } from "./log/open-audit-log.ts";
export type { TreeHash } from "./merkle/tree-hash.ts";
export { verifyConsistency, type TreeHead } from "./merkle/tree-proof.ts";
export { AuditProof, verifyProof, type ProvedEntry } from "./proofs/audit-proof.ts";
export { proveEntry, proveGrowth, type ProveOptions } from "./proofs/prove-log.ts";
export type { AuditFilter, AuditTotals, CountFilter, ValueCount } from "./query/audit-filter.ts";
export {
  openAuditIndex,
  type AuditIndex,
  type OpenAuditIndexOptions,
  type QueryOptions,
} from "./query/audit-index.ts";
export type { CountableColumn } from "./query/index-database.ts";
export { matchesFilter } from "./query/matches-filter.ts";
export {
  followEntries,
  readEntries,
  type FollowOptions,
  type ReadOptions,
} from "./query/read-entries.ts";
export type { Digest } from "./redaction/digest.ts";
export { redact, redactionMark, redactText, type Redacted } from "./redaction/redact.ts";
export { secretMarks, type SecretMarks } from "./redaction/schema-marks.ts";
export {
  replaySession,
  type ReplayCall,
  type ReplayedCall,
  type ReplayOptions,
} from "./replay/replay-session.ts";
export {
  sessionSteps,
  type CallStep,
  type EventStep,
  type SessionStep,
} from "./replay/session-steps.ts";
export type { Removal } from "./retention/choose-removals.ts";
export type { Seal } from "./segments/seal.ts";
export type { Compression } from "./segments/segment-file.ts";
export type { AuditMessage, AuditSink, SinkWriteOptions } from "./sinks/audit-sink.ts";
export type { SinkState } from "./sinks/sink-queue.ts";
export { listSnapshots } from "./snapshots/snapshot-directory.ts";
export type { SnapshotState } from "./snapshots/snapshot-store.ts";
export type { KeptSegment } from "./verify/snapshot-witnesses.ts";
export { verifyLog, type VerifyOptions, type VerifyReport } from "./verify/verify-log.ts";
