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

/** Where events begin that somebody has not read. */
export interface EventPosition {
  readonly at: number;
  /** How many events there were before it, those that are gone included. */
  readonly count: number;
}

/** Where the very first event is. */
export const firstPosition: EventPosition = { at: 0, count: 0 };

/** Events after a position. */
export interface EventPage {
  readonly events: readonly BusEvent[];
  /** Where the next page begins. */
  readonly next: EventPosition;
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
  #dropped = 0;
  #readUntil = 0;

  constructor(size: number) {
    this.#size = size;
  }

  /** How many events are gone. */
  get dropped(): number {
    return this.#dropped;
  }

  /** The position after the last event; what comes from now on becomes one only with what comes from now on. */
  mark(): EventPosition {
    this.#readUntil = this.#next;
    return { at: this.#next, count: this.#dropped + this.#kept.size };
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
  since({ at, count }: EventPosition, limit: number): EventPage {
    const later = [...this.#kept.values()].filter(({ position }) => position >= at);
    const page = later.slice(0, limit);
    const last = page.at(-1);
    const next = last === undefined ? this.#next : last.position + 1;
    this.#readUntil = Math.max(this.#readUntil, next);
    const before = this.#dropped + this.#kept.size - later.length;
    return {
      events: page.map(({ event }) => event),
      next: { at: next, count: before + page.length },
      dropped: Math.max(0, before - count),
      waiting: later.length - page.length,
    };
  }

  /** The last so many events, oldest first; they do not count as read. */
  last(count: number): readonly BusEvent[] {
    return Array.from(this.#kept.values(), ({ event }) => event).slice(-count);
  }

  /** Counts events that were lost before they came here. */
  countLost(count: number): void {
    this.#dropped += count;
  }

  #dropOldest(): void {
    const [oldest] = this.#kept.values();
    if (oldest === undefined) return;
    this.#kept.delete(oldest.position);
    if (oldest.key !== undefined && this.#latest.get(oldest.key) === oldest) {
      this.#latest.delete(oldest.key);
    }
    this.#dropped += 1;
  }
}
