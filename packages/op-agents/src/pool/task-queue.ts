import { QueueFullError } from "op-core";

/** What a queue has to know of an entry. */
export interface QueueEntry {
  readonly principal: string;
  /** Within a principal, smaller numbers go first, and equals in the order they came. */
  readonly priority: number;
}

/** How much waits at most. */
export interface TaskQueueOptions {
  readonly what: string;
  readonly maxEntries: number;
  /** What one principal may have waiting, so that nobody fills the queue alone. */
  readonly maxPerPrincipal: number;
}

/** Entries that wait, taken from their principals in turn. */
export interface TaskQueue<Entry extends QueueEntry> {
  readonly length: number;
  /** @throws {QueueFullError} too many wait, of all or of the principal. */
  add(entry: Entry): void;
  /** Puts an entry back before all others of its principal. It was counted before, so there is always room. */
  putBack(entry: Entry): void;
  take(): Entry | undefined;
  remove(entry: Entry): void;
  /** Takes all. */
  drain(): readonly Entry[];
}

/** Makes an empty queue. */
export function createTaskQueue<Entry extends QueueEntry>(
  options: TaskQueueOptions,
): TaskQueue<Entry> {
  /** In the order of their turns: who was served goes to the end. */
  const lines = new Map<string, Entry[]>();
  let length = 0;

  const insert = (entry: Entry, isBefore: (other: Entry) => boolean) => {
    const line = lines.get(entry.principal) ?? [];
    lines.set(entry.principal, line);
    const at = line.findIndex(isBefore);
    line.splice(at === -1 ? line.length : at, 0, entry);
    length += 1;
  };
  return {
    get length() {
      return length;
    },
    add: (entry) => {
      const { what, maxEntries, maxPerPrincipal } = options;
      if (length >= maxEntries) throw new QueueFullError(what, length);
      const own = lines.get(entry.principal)?.length ?? 0;
      if (own >= maxPerPrincipal) throw new QueueFullError(what, own);
      insert(entry, (other) => other.priority > entry.priority);
    },
    putBack: (entry) => insert(entry, () => true),
    take: () => {
      const [next] = lines;
      if (next === undefined) return undefined;
      const [principal, line] = next;
      const entry = line.shift();
      lines.delete(principal);
      if (line.length > 0) lines.set(principal, line);
      if (entry !== undefined) length -= 1;
      return entry;
    },
    remove: (entry) => {
      const line = lines.get(entry.principal);
      const at = line?.indexOf(entry) ?? -1;
      if (line === undefined || at === -1) return;
      line.splice(at, 1);
      length -= 1;
      if (line.length === 0) lines.delete(entry.principal);
    },
    drain: () => {
      const all = [...lines.values()].flat();
      lines.clear();
      length = 0;
      return all;
    },
  };
}
