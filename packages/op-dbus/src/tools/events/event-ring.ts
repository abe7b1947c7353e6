import type { JsonObject } from "op-core";

/** A signal as it is told. */
export interface BusEvent {
  /** When it was received, in milliseconds since the epoch. */
  readonly at: number;
  readonly path: string;
  readonly interface: string;
  readonly member: string;
  readonly args: JsonObject;
}

/** Events after a position. */
export interface EventPage {
  readonly events: readonly BusEvent[];
  /** Where the next page begins. */
  readonly next: number;
  /** How many events after the position are gone. */
  readonly dropped: number;
  /** How many more wait. */
  readonly waiting: number;
}

interface Kept {
  readonly position: number;
  readonly event: BusEvent;
  readonly key: string | undefined;
}

/**
 * The last so many events. Those of one key that nobody has read yet become one, which comes last: of an object that
 * changes a thousand times, the latest state is enough.
 */
export class EventRing {
  readonly #size: number;
  readonly #kept = new Map<number, Kept>();
  readonly #latest = new Map<string, Kept>();
  #next = 0;
  /** The position below which events are gone. */
  #lost = 0;
  #lostCount = 0;
  #readUntil = 0;

  constructor(size: number) {
    this.#size = size;
  }

  /** The position after the last event. */
  get end(): number {
    return this.#next;
  }

  /** Takes an event in; the oldest goes when there are too many. */
  push(
    event: BusEvent,
    merging?: { readonly key: string; merge(older: BusEvent): BusEvent },
  ): void {
    const key = merging?.key;
    const older = key === undefined ? undefined : this.#latest.get(key);
    const isUnread = older !== undefined && older.position >= this.#readUntil;
    const merged = isUnread && merging !== undefined ? merging.merge(older.event) : event;
    if (isUnread) this.#kept.delete(older.position);
    const kept = { position: this.#next, event: merged, key };
    this.#next += 1;
    this.#kept.set(kept.position, kept);
    if (key !== undefined) this.#latest.set(key, kept);
    if (this.#kept.size > this.#size) this.#dropOldest();
  }

  /** The events from a position on. */
  since(position: number, limit: number): EventPage {
    const later = [...this.#kept.values()].filter((kept) => kept.position >= position);
    const page = later.slice(0, limit);
    const last = page.at(-1);
    const next = last === undefined ? Math.max(position, this.#next) : last.position + 1;
    this.#readUntil = Math.max(this.#readUntil, next);
    return {
      events: page.map(({ event }) => event),
      next,
      dropped: position < this.#lost ? this.#lostCount : 0,
      waiting: later.length - page.length,
    };
  }

  /** The last so many events, oldest first; they do not count as read. */
  last(count: number): readonly BusEvent[] {
    return Array.from(this.#kept.values(), ({ event }) => event).slice(-count);
  }

  /** Counts events that were lost before they came here. */
  countLost(count: number): void {
    if (count === 0) return;
    this.#lost = this.#next;
    this.#lostCount += count;
  }

  #dropOldest(): void {
    const [oldest] = this.#kept.values();
    if (oldest === undefined) return;
    this.#kept.delete(oldest.position);
    if (oldest.key !== undefined && this.#latest.get(oldest.key) === oldest) {
      this.#latest.delete(oldest.key);
    }
    this.#lost = oldest.position + 1;
    this.#lostCount += 1;
  }
}
