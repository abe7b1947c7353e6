import { rmSync } from "node:fs";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import type { Clock, Logger } from "op-core";
import { recordFileOf } from "./process-records.ts";

/** What keeping a record takes. */
export interface KeepRecordOptions {
  /** Where all processes of this user keep theirs of the kind. */
  readonly directory: string;
  /** What this process tells, besides what it is. */
  readonly describe: () => Promise<object>;
  readonly startedAtMs: number;
  readonly clock: Clock;
  readonly logger: Logger;
}

const everyMs = 1000;

/** Keeps the record of this process up to date until it is disposed; then the record is gone. */
export function keepRecord(options: KeepRecordOptions): Disposable {
  const { directory, describe, startedAtMs, clock, logger } = options;
  const file = recordFileOf(directory, process.pid);
  const basis = { pid: process.pid, startedAt: new Date(startedAtMs).toISOString() };
  let written = "";
  let isClosed = false;
  let timer: Disposable | undefined;

  const write = async (): Promise<void> => {
    try {
      const text = JSON.stringify({ ...basis, ...(await describe()) });
      if (text === written) return;
      await mkdir(directory, { recursive: true, mode: 0o700 });
      await writeFile(`${file}.new`, text, { mode: 0o600 });
      if (isClosed) await rm(`${file}.new`, { force: true });
      else await rename(`${file}.new`, file);
      written = text;
    } catch (error) {
      logger.debug("a record of this process was not written", { file, error });
    }
  };
  const next = async (): Promise<void> => {
    await write();
    if (isClosed) return;
    const due = clock.startTimer(everyMs, () => void next());
    due.unref();
    timer = due;
  };
  void next();
  return {
    [Symbol.dispose]: () => {
      isClosed = true;
      timer?.[Symbol.dispose]();
      // At once: the process is about to end.
      rmSync(file, { force: true });
    },
  };
}
