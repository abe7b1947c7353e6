import { DatabaseSync } from "node:sqlite";

const busy = 5;

/**
 * Takes a lock that ends with the process, however it ends; undefined when somebody has it. Node cannot lock files,
 * SQLite can: the lock is the kernel's own on an empty database, so no stale one is ever left behind.
 */
export function tryFileLock(path: string): AsyncDisposable | undefined {
  const database = new DatabaseSync(path, { timeout: 0 });
  try {
    // Nothing is ever written, so the journal beside it would only be left by a crash.
    database.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
  } catch (error) {
    database.close();
    if (error instanceof Error && "errcode" in error && error.errcode === busy) return undefined;
    throw error;
  }
  return {
    [Symbol.asyncDispose]: async () => {
      if (database.isOpen) database.close();
    },
  };
}
