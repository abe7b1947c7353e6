import { formatError, OpError } from "op-core";

/** The log could not be written; the entry is not on the disk. */
export class AuditUnavailableError extends OpError {
  static readonly code = "ERR_AUDIT_UNAVAILABLE";
  static readonly meaning = "The audit log could not be written, so the entry is not on the disk.";
  readonly code = AuditUnavailableError.code;

  constructor(directory: string, cause: unknown) {
    super(`Writing the audit log in ${directory} failed: ${formatError(cause)}`, {
      advice: "Free space there or make it writable; the log goes on by itself.",
      data: { directory },
      retryable: true,
      cause,
    });
  }
}

/** Another writer has the log open. */
export class AuditLockedError extends OpError {
  static readonly code = "ERR_AUDIT_LOCKED";
  static readonly meaning = "Another process, or another part of this one, writes the audit log.";
  readonly code = AuditLockedError.code;

  constructor(directory: string) {
    super(`Opening the audit log in ${directory} was refused because another writer has it open.`, {
      advice: "Stop the other writer, or give this one a directory of its own.",
      data: { directory },
      retryable: true,
    });
  }
}

/** The log was closed before the entry came. */
export class AuditClosedError extends OpError {
  static readonly code = "ERR_AUDIT_CLOSED";
  static readonly meaning = "The audit log was closed before the entry came.";
  readonly code = AuditClosedError.code;

  constructor(directory: string) {
    super(`An entry for the audit log in ${directory} came after the log was closed.`, {
      data: { directory },
    });
  }
}

/** An entry that cannot be written, for example because it is not JSON. */
export class AuditEntryError extends OpError {
  static readonly code = "ERR_AUDIT_ENTRY";
  static readonly meaning = "The entry cannot be written: it is not JSON, or too large.";
  readonly code = AuditEntryError.code;

  constructor(reason: string) {
    super(`The audit entry cannot be written: ${reason}`, { data: { reason } });
  }
}

/** A signing key that cannot be used. */
export class AuditKeyError extends OpError {
  static readonly code = "ERR_AUDIT_KEY";
  static readonly meaning = "The key that signs the audit log's checkpoints cannot be used.";
  readonly code = AuditKeyError.code;

  constructor(path: string, reason: string, options: { advice?: string; cause?: unknown } = {}) {
    super(`Using the audit key ${path} failed: ${reason}`, { ...options, data: { path, reason } });
  }
}

/** A file or a text that does not have the format it should have. */
export class AuditFormatError extends OpError {
  static readonly code = "ERR_AUDIT_FORMAT";
  static readonly meaning =
    "A file of the audit log, a checkpoint or a key does not have the right format.";
  readonly code = AuditFormatError.code;

  constructor(what: string, reason: string, cause?: unknown) {
    super(`Reading ${what} failed: ${reason}`, {
      data: { what, reason },
      ...(cause === undefined ? {} : { cause }),
    });
  }
}

/** A proof that cannot be made. */
export class AuditProofError extends OpError {
  static readonly code = "ERR_AUDIT_PROOF";
  static readonly meaning =
    "The proof cannot be made: the entry is not in the log, or no longer there.";
  readonly code = AuditProofError.code;

  constructor(reason: string) {
    super(`Proving the audit log failed: ${reason}`, { data: { reason } });
  }
}

/** A destination outside the log that did not take what it was sent. */
export class AuditSinkError extends OpError {
  static readonly code = "ERR_AUDIT_SINK";
  static readonly meaning = "A destination outside the audit log did not take what it was sent.";
  readonly code = AuditSinkError.code;

  constructor(sink: string, cause: unknown) {
    super(`Sending audit messages to ${sink} failed: ${formatError(cause)}`, {
      advice: "The log itself is not affected; look at the destination.",
      data: { sink },
      retryable: true,
      cause,
    });
  }
}

/** Every error this package makes. */
export type AnyAuditError =
  | AuditUnavailableError
  | AuditLockedError
  | AuditClosedError
  | AuditEntryError
  | AuditKeyError
  | AuditFormatError
  | AuditProofError
  | AuditSinkError;
