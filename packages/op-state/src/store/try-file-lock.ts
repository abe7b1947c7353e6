import { DatabaseSync } from "node:sqlite";
import { isBusy } from "./is-busy.ts";

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
    if (isBusy(error)) return undefined;
    throw error;
  }
  return {
    [Symbol.asyncDispose]: async () => {
      if (database.isOpen) database.close();
    },
  };
}
