import { join, resolve } from "node:path";
import type { AuditEntry } from "../entry/audit-entry.ts";
import { parseKnownEntry } from "../entry/parse-entry.ts";
import { listSegments, type SegmentFile } from "../segments/segment-file.ts";
import { openSegmentReader, type SegmentReader } from "../segments/segment-reader.ts";
import type { AuditFilter, AuditTotals, CountFilter, ValueCount } from "./audit-filter.ts";
import { IndexDatabase, type CountableColumn, type EntryPlace } from "./index-database.ts";
import { readBatches, type ReadPosition } from "./read-entries.ts";

/** What opening an index takes. */
export interface OpenAuditIndexOptions {
  /** The log's directory. */
  readonly directory: string;
  /** Where the index lies; `index.sqlite` beside the log unless told, or `:memory:`. */
  readonly path?: string;
  readonly signal?: AbortSignal;
}

/** How a query is answered. */
export interface QueryOptions {
  /** How many entries at most; 100 unless told. */
  readonly limit?: number;
  /** Newest first unless told. */
  readonly order?: "newest" | "oldest";
  readonly signal?: AbortSignal;
}

/** Finds entries of a log without reading all of it. Everything in it comes from the log and can be made again. */
export interface AuditIndex extends AsyncDisposable {
  /** Reads what the log got since; returns how many entries that were. Queries do it by themselves. */
  refresh(options?: { readonly signal?: AbortSignal }): Promise<number>;
  /** Finds entries. What cannot be read is passed over; verifying tells about it. */
  query(filter: AuditFilter, options?: QueryOptions): AsyncGenerator<AuditEntry>;
  /** Counts entries by the value of a field, most first. */
  count(by: CountableColumn, filter?: CountFilter): Promise<readonly ValueCount[]>;
  /** Counts entries, and says from when to when they are. */
  totals(filter?: CountFilter): Promise<AuditTotals>;
  /** Forgets everything and reads the log again. */
  rebuild(options?: { readonly signal?: AbortSignal }): Promise<number>;
}

/** Opens the index of a log, also while the log is written. The first refresh reads the whole log. */
export async function openAuditIndex(options: OpenAuditIndexOptions): Promise<AuditIndex> {
  const directory = resolve(options.directory);
  options.signal?.throwIfAborted();
  return new SqliteAuditIndex(directory, options.path ?? join(directory, "index.sqlite"));
}

/** A body that is read to be searched costs more than a row, so few are asked for at a time. */
const pageSize = 500;

class SqliteAuditIndex implements AuditIndex {
  readonly #directory: string;
  readonly #database: IndexDatabase;

  constructor(directory: string, path: string) {
    this.#directory = directory;
    this.#database = new IndexDatabase(path);
  }

  async refresh({ signal }: { readonly signal?: AbortSignal } = {}): Promise<number> {
    const segments = await listSegments(this.#directory);
    this.#forgetRemoved(segments);
    let added = 0;
    let isBehind = true;
    while (isBehind) {
      isBehind = false;
      let from: ReadPosition | undefined = this.#database.position;
      for await (const { entries, next } of readBatches(this.#directory, from, signal)) {
        isBehind = !this.#database.add(entries, { from, next });
        if (isBehind) break;
        from = next;
        added += entries.length;
        await nextTurn();
      }
    }
    this.#database.optimise();
    return added;
  }

  async rebuild(options?: { readonly signal?: AbortSignal }): Promise<number> {
    this.#database.clear();
    return await this.refresh(options);
  }

  async *query(filter: AuditFilter, options: QueryOptions = {}): AsyncGenerator<AuditEntry> {
    const { limit = 100, order = "newest", signal } = options;
    await this.refresh(options);
    await using bodies = new BodyReader(await listSegments(this.#directory));
    const wanted = filter.text?.toLowerCase();
    const isNewestFirst = order === "newest";
    let page = filter;
    for (let left = limit; left > 0;) {
      const places = this.#database.find(page, { isNewestFirst, limit: Math.min(left, pageSize) });
      for await (const { seq, json } of bodies.readAll(places)) {
        signal?.throwIfAborted();
        if (wanted !== undefined && !json.toLowerCase().includes(wanted)) continue;
        const entry = parseKnownEntry(seq, json);
        if (entry === undefined) continue;
        yield entry;
        left -= 1;
      }
      const last = places.at(-1);
      if (last === undefined) return;
      page = isNewestFirst ? { ...page, beforeSeq: last.seq } : { ...page, afterSeq: last.seq };
    }
  }

  async count(by: CountableColumn, filter: CountFilter = {}): Promise<readonly ValueCount[]> {
    await this.refresh();
    return this.#database.count(by, filter);
  }

  async totals(filter: CountFilter = {}): Promise<AuditTotals> {
    await this.refresh();
    return this.#database.totals(filter);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#database[Symbol.dispose]();
  }

  #forgetRemoved(segments: readonly SegmentFile[]): void {
    const there = segments.filter(({ path }) => path !== undefined).map(({ first }) => first);
    const position = this.#database.position;
    // The log ends before the index does: it is another log.
    if (position !== undefined && (there.at(-1) ?? -1) < position.segment) this.#database.clear();
    else this.#database.keepSegments(there);
  }
}

const atOnce = 32;

/** Reads bodies by their places and keeps the segments open that it has read from. */
class BodyReader implements AsyncDisposable {
  readonly #segments: ReadonlyMap<number, SegmentFile>;
  readonly #open = new Map<number, Promise<SegmentReader | undefined>>();

  constructor(segments: readonly SegmentFile[]) {
    this.#segments = new Map(segments.map((segment) => [segment.first, segment]));
  }

  /** Reads some at the same time, since each waits for the disk and for a block to be decoded. */
  async *readAll(
    places: readonly EntryPlace[],
  ): AsyncGenerator<{ readonly seq: number; readonly json: string }> {
    for (let at = 0; at < places.length; at += atOnce) {
      const batch = places.slice(at, at + atOnce);
      const bodies = await Promise.all(batch.map(async (place) => await this.#read(place)));
      for (const [index, { seq }] of batch.entries()) {
        const json = bodies[index];
        if (json !== undefined) yield { seq, json };
      }
    }
  }

  async #read({ segment, offset, bytes }: EntryPlace): Promise<string | undefined> {
    const opening = this.#open.get(segment) ?? this.#openSegment(segment);
    this.#open.set(segment, opening);
    const body = await (await opening)?.read(offset, bytes);
    return body?.length === bytes ? body.toString() : undefined;
  }

  async #openSegment(first: number): Promise<SegmentReader | undefined> {
    const segment = this.#segments.get(first);
    if (segment?.path === undefined) return undefined;
    return await openSegmentReader({ ...segment, path: segment.path });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const readers = await Promise.all(this.#open.values());
    await Promise.all(readers.map(async (reader) => await reader?.[Symbol.asyncDispose]()));
  }
}

function nextTurn(): Promise<void> {
  return new Promise((done) => {
    setImmediate(done);
  });
}
