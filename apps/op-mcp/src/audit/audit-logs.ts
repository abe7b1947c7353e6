import {
  followEntries,
  openAuditIndex,
  type AuditEntry,
  type AuditFilter,
  type AuditIndex,
} from "op-audit";
import { listLogs, type AuditLogPlace } from "./audit-places.ts";

/** An entry and the log it lies in; both together name it. */
export interface PlacedEntry {
  readonly log: string;
  readonly entry: AuditEntry;
}

/** How entries are asked for. */
export interface FindEntriesOptions {
  readonly limit: number;
  readonly order: "newest" | "oldest";
  readonly signal: AbortSignal;
}

/** All audit logs below one root, read as one. */
export interface AuditLogs extends AsyncDisposable {
  readonly places: readonly AuditLogPlace[];
  /** The entries that fit, in the order of their times. */
  find(filter: AuditFilter, options: FindEntriesOptions): Promise<readonly PlacedEntry[]>;
  /** Goes on behind what there is now, log by log as it comes, until the signal aborts. */
  follow(onEntry: (entry: PlacedEntry) => void, signal: AbortSignal): Promise<void>;
  count(by: Parameters<AuditIndex["count"]>[0]): Promise<ReadonlyMap<string, number>>;
}

interface OpenIndex {
  readonly place: AuditLogPlace;
  readonly index: AuditIndex;
}

/** Opens the indexes of the logs, or of the one that is named. Reads them also while they are written. */
export async function openAuditLogs(root: string, only?: string): Promise<AuditLogs> {
  await using opened = new AsyncDisposableStack();
  const places = (await listLogs(root)).filter(({ name }) => only === undefined || name === only);
  const indexes: OpenIndex[] = [];
  for (const place of places) {
    indexes.push({
      place,
      index: opened.use(await openAuditIndex({ directory: place.directory })),
    });
  }
  const closing = opened.move();
  return {
    places,
    find: (filter, options) => find(indexes, filter, options),
    follow: async (onEntry, signal) => {
      await Promise.all(indexes.map((each) => follow(each, onEntry, signal)));
    },
    count: async (by) => {
      const counts = new Map<string, number>();
      for (const { index } of indexes) {
        for (const { value, count } of await index.count(by)) {
          counts.set(value, (counts.get(value) ?? 0) + count);
        }
      }
      return new Map([...counts].toSorted(([, a], [, b]) => b - a));
    },
    [Symbol.asyncDispose]: () => closing[Symbol.asyncDispose](),
  };
}

async function find(
  indexes: readonly OpenIndex[],
  filter: AuditFilter,
  options: FindEntriesOptions,
): Promise<readonly PlacedEntry[]> {
  const found: PlacedEntry[] = [];
  for (const { place, index } of indexes) {
    for await (const entry of index.query(filter, options)) found.push({ log: place.name, entry });
  }
  const direction = options.order === "newest" ? -1 : 1;
  return found.toSorted((a, b) => direction * compare(a, b)).slice(0, options.limit);
}

async function follow(
  { place, index }: OpenIndex,
  onEntry: (entry: PlacedEntry) => void,
  signal: AbortSignal,
): Promise<void> {
  const { directory, name: log } = place;
  let from = 0;
  for await (const { seq } of index.query({}, { limit: 1, signal })) from = seq + 1;
  for await (const entry of followEntries({ directory, from, signal })) onEntry({ log, entry });
}

/** By time; within one log the order it was written in counts more than the clock. */
function compare(a: PlacedEntry, b: PlacedEntry): number {
  if (a.log === b.log) return a.entry.seq - b.entry.seq;
  return Date.parse(a.entry.at) - Date.parse(b.entry.at);
}
