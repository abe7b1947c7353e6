import { existsSync } from "node:fs";
import { sleep, systemClock, type Clock } from "op-core";
import { AuthFileBusyError } from "../auth-error.ts";
import { createPrivateText } from "./private-text.ts";

/** What taking the lock takes. */
export interface AcquireChangeLockOptions {
  readonly signal: AbortSignal;
  readonly clock?: Clock;
}

const busy = 5;
const mostWaitMs = 5000;
const retryMs = 20;

/**
 * Makes this the only one that changes the file at `path`, until it is disposed or the process ends, however it ends.
 * Node cannot lock files, SQLite can: the lock is the kernel's own on an empty database, so none is ever left behind.
 * Throws `ERR_AUTH_FILE_BUSY` when another keeps it for five seconds.
 */
export async function acquireChangeLock(
  path: string,
  { signal, clock = systemClock }: AcquireChangeLockOptions,
): Promise<Disposable> {
  // Its code is needed by those alone who change something.
  const { DatabaseSync } = await import("node:sqlite");
  const lockPath = `${path}.lock`;
  // SQLite would let others read it. Nobody may open it besides: whoever closes it again gives up the locks of the whole
  // process.
  if (!existsSync(lockPath)) await createPrivateText(lockPath, "", signal);
  const database = new DatabaseSync(lockPath);
  try {
    for (let waitedMs = 0; ; waitedMs += retryMs) {
      if (tryLock(database)) return { [Symbol.dispose]: () => database.close() };
      if (waitedMs >= mostWaitMs) throw new AuthFileBusyError(path, waitedMs);
      await sleep(retryMs, { clock, signal });
    }
  } catch (error) {
    database.close();
    throw error;
  }
}

function tryLock(database: { exec(sql: string): void }): boolean {
  try {
    database.exec("BEGIN EXCLUSIVE");
    return true;
  } catch (error) {
    if (error instanceof Error && "errcode" in error && error.errcode === busy) return false;
    throw error;
  }
}
