import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { AuditLockedError, AuditUnavailableError } from "../audit-error.ts";

const busy = 5;

/**
 * Makes this the only writer of a directory until it is disposed or the process ends, however it ends. Node cannot lock
 * files, SQLite can: the lock is the kernel's own on an empty database, so no stale one is ever left behind. Throws
 * `ERR_AUDIT_LOCKED` when there is another writer.
 */
export function acquireWriterLock(directory: string): Disposable {
  const database = openDatabase(directory);
  try {
    database.exec("BEGIN EXCLUSIVE");
  } catch (error) {
    database.close();
    if (isBusy(error)) throw new AuditLockedError(directory);
    throw new AuditUnavailableError(directory, error);
  }
  return { [Symbol.dispose]: () => database.close() };
}

function openDatabase(directory: string): DatabaseSync {
  try {
    return new DatabaseSync(join(directory, "writer.lock"));
  } catch (error) {
    throw new AuditUnavailableError(directory, error);
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && "errcode" in error && error.errcode === busy;
}
