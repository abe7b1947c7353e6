import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import type { AuditFilter, AuditTotals, CountFilter, ValueCount } from "./audit-filter.ts";
import type { LocatedEntry, ReadPosition } from "./read-entries.ts";

/** Where an entry lies. */
export interface EntryPlace {
  readonly seq: number;
  readonly segment: number;
  readonly offset: number;
  readonly bytes: number;
}

/** The columns that are searched by value; each has an index together with the place. */
const columns = ["principal", "tool", "outcome", "risk", "sessionId", "kind", "event"] as const;

const schema = `
  CREATE TABLE IF NOT EXISTS entries (
    seq INTEGER PRIMARY KEY, at INTEGER, segment INTEGER, offset INTEGER, bytes INTEGER,
    ${columns.map((name) => `${name} TEXT`).join(", ")}
  ) STRICT;
  CREATE TABLE IF NOT EXISTS position (
    id INTEGER PRIMARY KEY CHECK (id = 1), segment INTEGER, offset INTEGER, seq INTEGER
  ) STRICT;
  CREATE TABLE IF NOT EXISTS segments (first INTEGER PRIMARY KEY) STRICT;`;

/** A new version begins anew; the log has everything. */
const version = 1;

const sqliteBusy = 5;
const busyTimeoutMs = 10_000;
const retryMs = 10;

/** Where the index stands: what it goes on with, and the last entry it knows. */
export interface IndexPosition extends ReadPosition {
  readonly seq: number;
}

/** The index's tables. Only this file knows that they are SQLite. */
export class IndexDatabase implements Disposable {
  readonly #database: DatabaseSync;

  constructor(path: string) {
    this.#database = new DatabaseSync(path, { timeout: busyTimeoutMs });
    try {
      this.#setUp();
    } catch (error) {
      this.#database.close();
      throw error;
    }
  }

  get position(): IndexPosition | undefined {
    const row = this.#database.prepare("SELECT segment, offset, seq FROM position").get();
    if (row === undefined) return undefined;
    return {
      segment: Number(row["segment"]),
      offset: Number(row["offset"]),
      seq: Number(row["seq"]),
    };
  }

  /** Forgets everything. */
  clear(): void {
    this.#transact(() => this.#beginAnew());
  }

  /**
   * Adds entries that were read from a position on, and remembers where to go on, both or neither. Neither, and false,
   * where another process has read on meanwhile or has made the index anew: whoever goes on from elsewhere leaves a gap.
   */
  add(
    entries: readonly LocatedEntry[],
    { from, next }: { readonly from: ReadPosition | undefined; readonly next: ReadPosition },
  ): boolean {
    const insert = this.#database.prepare(
      `INSERT OR REPLACE INTO entries (seq, at, segment, offset, bytes, ${columns.join(", ")})
       VALUES (?, ?, ?, ?, ?${", ?".repeat(columns.length)})`,
    );
    return this.#transact(() => {
      const { position } = this;
      if (position?.segment !== from?.segment || position?.offset !== from?.offset) return false;
      for (const entry of entries) insert.run(...rowOf(entry));
      const seq = entries.at(-1)?.seq ?? position?.seq ?? -1;
      this.#database
        .prepare("INSERT OR REPLACE INTO position (id, segment, offset, seq) VALUES (1, ?, ?, ?)")
        .run(next.segment, next.offset, seq);
      this.#database.prepare("INSERT OR IGNORE INTO segments VALUES (?)").run(next.segment);
      return true;
    });
  }

  /** Makes what searching needs; quicker after many entries than with each of them. */
  optimise(): void {
    for (const name of columns) {
      this.#database.exec(
        `CREATE INDEX IF NOT EXISTS by_${name} ON entries (${name}, seq) WHERE ${name} IS NOT NULL`,
      );
    }
    this.#database.exec("CREATE INDEX IF NOT EXISTS by_at ON entries (at)");
  }

  /** Forgets the entries of segments that are no longer there. */
  keepSegments(segments: readonly number[]): void {
    const known = this.#database.prepare("SELECT first FROM segments").all();
    const gone = known
      .map((row) => Number(row["first"]))
      .filter((first) => !segments.includes(first));
    if (gone.length === 0) return;
    const [forgetEntries, forgetSegment] = [
      this.#database.prepare("DELETE FROM entries WHERE segment = ?"),
      this.#database.prepare("DELETE FROM segments WHERE first = ?"),
    ];
    this.#transact(() => {
      for (const first of gone) {
        forgetEntries.run(first);
        forgetSegment.run(first);
      }
    });
  }

  /** Finds places of entries, by place. */
  find(
    filter: AuditFilter,
    { isNewestFirst, limit }: { readonly isNewestFirst: boolean; readonly limit: number },
  ): EntryPlace[] {
    const { where, values } = conditionOf(filter);
    const order = isNewestFirst ? "DESC" : "ASC";
    const rows = this.#database
      .prepare(
        `SELECT seq, segment, offset, bytes FROM entries WHERE ${where} ORDER BY seq ${order} LIMIT ?`,
      )
      .all(...values, limit);
    return rows.map((row) => ({
      seq: Number(row["seq"]),
      segment: Number(row["segment"]),
      offset: Number(row["offset"]),
      bytes: Number(row["bytes"]),
    }));
  }

  /** How many entries each value of a column has, most first, equals by value. */
  count(column: CountableColumn, filter: CountFilter): ValueCount[] {
    const { where, values } = conditionOf(filter);
    const rows = this.#database
      .prepare(
        `SELECT ${column} AS value, count(*) AS count FROM entries
         WHERE ${column} IS NOT NULL AND ${where} GROUP BY ${column} ORDER BY count DESC, value`,
      )
      .all(...values);
    return rows.map((row) => ({ value: String(row["value"]), count: Number(row["count"]) }));
  }

  /** How many entries there are, and from when to when. */
  totals(filter: CountFilter): AuditTotals {
    const { where, values } = conditionOf(filter);
    const row = this.#database
      .prepare(
        `SELECT count(*) AS count, min(at) AS fromMs, max(at) AS toMs FROM entries WHERE ${where}`,
      )
      .get(...values);
    const count = Number(row?.["count"]);
    if (count === 0) return { count };
    return { count, fromMs: Number(row?.["fromMs"]), toMs: Number(row?.["toMs"]) };
  }

  [Symbol.dispose](): void {
    this.#database.close();
  }

  /** SQLite does not wait for others who set up a new database at the same moment, as it otherwise does. */
  #setUp(): void {
    const untilMs = performance.now() + busyTimeoutMs;
    for (;;) {
      try {
        this.#trySetUp();
        return;
      } catch (error) {
        if (!isBusy(error) || performance.now() > untilMs) throw error;
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, retryMs);
      }
    }
  }

  #trySetUp(): void {
    // The index can be made again, so it need not survive a power cut.
    this.#database.exec(
      "PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA cache_size = -65536",
    );
    if (this.#version() !== version) {
      this.#transact(() => {
        // Somebody else may have begun anew meanwhile, and what they read since must not be forgotten.
        if (this.#version() !== version) this.#beginAnew();
      });
    }
    this.#database.exec(schema);
  }

  #beginAnew(): void {
    this.#database.exec(
      `DROP TABLE IF EXISTS entries; DROP TABLE IF EXISTS position; DROP TABLE IF EXISTS segments;
       ${schema} PRAGMA user_version = ${version}`,
    );
  }

  #version(): number {
    return Number(this.#database.prepare("PRAGMA user_version").get()?.["user_version"]);
  }

  #transact<T>(work: () => T): T {
    this.#database.exec("BEGIN IMMEDIATE");
    try {
      const result = work();
      this.#database.exec("COMMIT");
      return result;
    } catch (error) {
      this.#database.exec("ROLLBACK");
      throw error;
    }
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && "errcode" in error && error.errcode === sqliteBusy;
}

/** What entries can be counted by. */
export type CountableColumn = (typeof columns)[number];

function rowOf({ seq, json, segment, offset, bytes }: LocatedEntry): SQLInputValue[] {
  const fields = new Map<string, unknown>(Object.entries(parseIfPossible(json)));
  const textOf = (name: string) => {
    const value = fields.get(name);
    return typeof value === "string" ? value : null;
  };
  const at = Date.parse(textOf("at") ?? "");
  return [seq, Number.isNaN(at) ? null : at, segment, offset, bytes, ...columns.map(textOf)];
}

/** Of what was damaged only its place is known. */
function parseIfPossible(json: string): object {
  try {
    return Object(JSON.parse(json));
  } catch {
    return {};
  }
}

function conditionOf(filter: CountFilter): { where: string; values: SQLInputValue[] } {
  const conditions: [string, SQLInputValue | undefined][] = [
    ...columns.map((name): [string, SQLInputValue | undefined] => [`${name} = ?`, filter[name]]),
    ["at >= ?", filter.fromMs],
    ["at <= ?", filter.toMs],
    ["seq > ?", filter.afterSeq],
    ["seq < ?", filter.beforeSeq],
  ];
  const set = conditions.filter((pair): pair is [string, SQLInputValue] => pair[1] !== undefined);
  const where = set.length === 0 ? "1" : set.map(([condition]) => condition).join(" AND ");
  return { where, values: set.map(([, value]) => value) };
}
