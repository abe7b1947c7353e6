import { closeSync, mkdirSync, openSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import { StateStoreError } from "../state-error.ts";
import { toColumn, toDeclared, toFirst, toRecords, toSteps } from "./sqlite-rows.ts";
import type {
  DeclaredEntry,
  DeclaredUpdate,
  NewStep,
  PruneQuery,
  RecordEnd,
  RecordQuery,
  RecordStart,
  RecordStep,
  StateRecord,
  StateStore,
  StepStatus,
} from "./state-store.ts";
import { isBusy } from "./is-busy.ts";
import { tryFileLock } from "./try-file-lock.ts";
import { createUnfinishedMarks, type UnfinishedMarks } from "./unfinished-marks.ts";

const schema = `
  CREATE TABLE IF NOT EXISTS records (
    id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, status TEXT NOT NULL, atMs REAL NOT NULL,
    who TEXT NOT NULL, why TEXT NOT NULL, planHash TEXT, target INTEGER,
    endedMs REAL, error TEXT, isRecovered INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE INDEX IF NOT EXISTS unfinished ON records (id) WHERE status IN ('running', 'undoing');
  CREATE TABLE IF NOT EXISTS steps (
    record INTEGER NOT NULL REFERENCES records (id), at INTEGER NOT NULL,
    plugin TEXT NOT NULL, key TEXT NOT NULL, status TEXT NOT NULL,
    task TEXT NOT NULL, saved TEXT NOT NULL, declared TEXT NOT NULL,
    PRIMARY KEY (record, at)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS declared (
    plugin TEXT NOT NULL, key TEXT NOT NULL, desired TEXT NOT NULL, PRIMARY KEY (plugin, key)
  ) STRICT, WITHOUT ROWID;
`;

const stepColumns = "plugin, key, status, task, saved, declared";

const busyTimeoutMs = 10_000;
const retryMs = 10;

/**
 * Prepares the database. SQLite does not wait for others who prepare a new one at the same moment, as it otherwise does:
 * that is tried again.
 */
function setUp(database: DatabaseSync): void {
  const untilMs = performance.now() + busyTimeoutMs;
  for (;;) {
    try {
      database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
      database.exec(schema);
      return;
    } catch (error) {
      if (!isBusy(error) || performance.now() > untilMs) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, retryMs);
    }
  }
}

/** The only class that knows that the store is SQLite. */
export class SqliteStore implements StateStore {
  readonly #directory: string;
  readonly #database: DatabaseSync;
  readonly #marks: UnfinishedMarks;

  private constructor(directory: string, database: DatabaseSync) {
    this.#directory = directory;
    this.#database = database;
    this.#marks = createUnfinishedMarks(directory);
  }

  static open(directory: string): SqliteStore {
    return wrapped(directory, () => {
      mkdirSync(directory, { recursive: true, mode: 0o700 });
      const path = join(directory, "state.db");
      // SQLite would let everybody read it, in a folder that was there before.
      closeSync(openSync(path, "a", 0o600));
      const database = new DatabaseSync(path, { timeout: busyTimeoutMs });
      try {
        setUp(database);
      } catch (error) {
        database.close();
        throw error;
      }
      const store = new SqliteStore(directory, database);
      store.#clearMarks();
      return store;
    });
  }

  async begin(start: RecordStart, steps: readonly NewStep[]): Promise<number> {
    return this.#transact(() => {
      const { kind, status, atMs, who, why, planHash, target } = start;
      const { lastInsertRowid } = this.#run(
        "INSERT INTO records (kind, status, atMs, who, why, planHash, target) VALUES (?, ?, ?, ?, ?, ?, ?)",
        [kind, status, atMs, who, why, planHash, target],
      );
      const insert = this.#database.prepare(
        `INSERT INTO steps (record, at, ${stepColumns}) VALUES (?, ?, ?, ?, 'pending', ?, ?, ?)`,
      );
      for (const [at, step] of steps.entries()) {
        insert.run(Number(lastInsertRowid), at, ...stepValues(step));
      }
      // Inside of the transaction: a run that was begun is never without its mark.
      if (status === "running") this.#marks.add(Number(lastInsertRowid));
      return Number(lastInsertRowid);
    });
  }

  async markStep(id: number, index: number, status: StepStatus): Promise<void> {
    this.#run("UPDATE steps SET status = ? WHERE record = ? AND at = ?", [status, id, index]);
  }

  async markUndoing(id: number, error: string): Promise<void> {
    this.#run("UPDATE records SET status = 'undoing', error = ? WHERE id = ?", [error, id]);
  }

  async end(id: number, end: RecordEnd): Promise<void> {
    const { status, endedMs, error, isRecovered, declared } = end;
    this.#transact(() => {
      this.#run(
        "UPDATE records SET status = ?, endedMs = ?, error = ?, isRecovered = ? WHERE id = ?",
        [status, endedMs, error, isRecovered ? 1 : 0, id],
      );
      for (const update of declared) this.#declare(update);
    });
    this.#marks.remove(id);
  }

  async records(query: RecordQuery = {}): Promise<readonly StateRecord[]> {
    const { limit = 100, beforeId = Number.MAX_SAFE_INTEGER, isUnfinished = false } = query;
    const only = isUnfinished ? "AND status IN ('running', 'undoing')" : "";
    return toRecords(
      this.#all(`SELECT * FROM records WHERE id < ? ${only} ORDER BY id DESC LIMIT ?`, [
        beforeId,
        limit,
      ]),
    );
  }

  async record(id: number): Promise<StateRecord | undefined> {
    return toRecords(this.#all("SELECT * FROM records WHERE id = ?", [id]))[0];
  }

  async steps(id: number): Promise<readonly RecordStep[]> {
    const sql = `SELECT ${stepColumns} FROM steps WHERE record = ? ORDER BY at`;
    return toSteps(this.#all(sql, [id]));
  }

  async earliestSince(id: number): Promise<readonly RecordStep[]> {
    const sql = `SELECT ${stepColumns} FROM (
        SELECT *, row_number() OVER (PARTITION BY plugin, key ORDER BY record, at) AS rank
        FROM steps WHERE record >= ?
      ) WHERE rank = 1 ORDER BY record, at`;
    return toSteps(this.#all(sql, [id]));
  }

  async declared(): Promise<readonly DeclaredEntry[]> {
    return toDeclared(this.#all("SELECT * FROM declared ORDER BY plugin, key", []));
  }

  async prune({ keep, sinceMs }: PruneQuery): Promise<number> {
    return this.#transact(() => {
      const [row] = this.#all(
        `SELECT min(id) AS first FROM records WHERE status IN ('running', 'undoing') OR (
          atMs >= ? AND id IN (SELECT id FROM records ORDER BY id DESC LIMIT ?))`,
        [sinceMs, keep],
      );
      const first = toFirst(row);
      this.#run("DELETE FROM steps WHERE record < ?", [first]);
      return Number(this.#run("DELETE FROM records WHERE id < ?", [first]).changes);
    });
  }

  async tryLock(name: string): Promise<AsyncDisposable | undefined> {
    return wrapped(this.#directory, () => tryFileLock(join(this.#directory, `${name}.lock`)));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#database.isOpen) this.#database.close();
  }

  /** A process that died may have left marks of runs that never began, or that have ended. */
  #clearMarks(): void {
    for (const id of this.#marks.list()) {
      const isUnfinished =
        "SELECT 1 FROM records WHERE id = ? AND status IN ('running', 'undoing')";
      this.#transact(() => {
        if (this.#all(isUnfinished, [id]).length === 0) this.#marks.remove(id);
      });
    }
  }

  #declare({ plugin, key, declared }: DeclaredUpdate): void {
    if (declared === null) {
      this.#run("DELETE FROM declared WHERE plugin = ? AND key = ?", [plugin, key]);
    } else {
      const values = [plugin, key, toColumn(declared.desired)];
      this.#run("INSERT OR REPLACE INTO declared (plugin, key, desired) VALUES (?, ?, ?)", values);
    }
  }

  #run(sql: string, values: readonly SQLInputValue[]) {
    return wrapped(this.#directory, () => this.#database.prepare(sql).run(...values));
  }

  #all(sql: string, values: readonly SQLInputValue[]): readonly unknown[] {
    return wrapped(this.#directory, () => this.#database.prepare(sql).all(...values));
  }

  #transact<T>(work: () => T): T {
    return wrapped(this.#directory, () => {
      this.#database.exec("BEGIN IMMEDIATE");
      try {
        const result = work();
        this.#database.exec("COMMIT");
        return result;
      } catch (error) {
        if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
        throw error;
      }
    });
  }
}

function stepValues({ plugin, key, task, saved, declared }: NewStep): SQLInputValue[] {
  return [plugin, key, JSON.stringify(task), toColumn(saved), JSON.stringify(declared)];
}

function wrapped<T>(directory: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof StateStoreError ? error : new StateStoreError(directory, error);
  }
}
