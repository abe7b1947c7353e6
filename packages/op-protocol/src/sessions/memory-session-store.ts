import { systemClock, type Clock, type Timer } from "op-core";
import type {
  Replay,
  SessionRecord,
  SessionStore,
  StreamEvent,
  StreamKey,
} from "./session-store.ts";

/** How much a store in memory keeps. */
export interface MemorySessionStoreOptions {
  readonly clock?: Clock;
  /** Events of one session; the oldest go first. */
  readonly maxEventBytes?: number;
  /** Streams of one session that are remembered; the oldest go first. */
  readonly maxStreams?: number;
}

const sweepMs = 60_000;
const defaultMaxEventBytes = 4 * 1024 * 1024;
const defaultMaxStreams = 256;

interface Stream {
  readonly events: StreamEvent[];
  /** The last event that is no longer kept. */
  dropped: number;
  isEnded: boolean;
}

interface Entry {
  record: SessionRecord;
  expiresAt: number;
  /** From the one that was made first. */
  readonly streams: Map<string, Stream>;
  bytes: number;
}

function sizeOf({ data }: StreamEvent): number {
  return data.length;
}

class MemorySessionStore implements SessionStore {
  readonly #entries = new Map<string, Entry>();
  readonly #clock: Clock;
  readonly #maxEventBytes: number;
  readonly #maxStreams: number;
  #sweep: Timer;

  constructor(options: MemorySessionStoreOptions) {
    this.#clock = options.clock ?? systemClock;
    this.#maxEventBytes = options.maxEventBytes ?? defaultMaxEventBytes;
    this.#maxStreams = options.maxStreams ?? defaultMaxStreams;
    this.#sweep = this.#startSweep();
  }

  async save(record: SessionRecord, idleMs: number): Promise<void> {
    const entry = this.#find(record.id);
    const expiresAt = this.#clock.monotonic() + idleMs;
    if (entry === undefined) {
      this.#entries.set(record.id, { record, expiresAt, streams: new Map(), bytes: 0 });
    } else {
      entry.record = record;
      entry.expiresAt = expiresAt;
    }
    await Promise.resolve();
  }

  async touch(id: string, idleMs: number): Promise<SessionRecord | undefined> {
    const entry = this.#find(id);
    if (entry !== undefined) entry.expiresAt = this.#clock.monotonic() + idleMs;
    return await Promise.resolve(entry?.record);
  }

  async remove(id: string): Promise<boolean> {
    const isKnown = this.#find(id) !== undefined;
    this.#entries.delete(id);
    return await Promise.resolve(isKnown);
  }

  async append({ session, stream: name }: StreamKey, event: StreamEvent): Promise<void> {
    const entry = this.#find(session);
    if (entry === undefined) return;
    this.#streamOf(entry, name).events.push(event);
    entry.bytes += sizeOf(event);
    for (const oldest of entry.streams.values()) {
      if (entry.bytes <= this.#maxEventBytes) break;
      this.#dropEvents(entry, oldest);
    }
    await Promise.resolve();
  }

  async end({ session, stream }: StreamKey): Promise<void> {
    const known = this.#find(session)?.streams.get(stream);
    if (known !== undefined) known.isEnded = true;
    await Promise.resolve();
  }

  async replay({ session, stream }: StreamKey, after: number): Promise<Replay | undefined> {
    const known = this.#find(session)?.streams.get(stream);
    if (known === undefined || after < known.dropped) return await Promise.resolve(undefined);
    const events = known.events.filter(({ sequence }) => sequence > after);
    return await Promise.resolve({ events, isEnded: known.isEnded });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#sweep[Symbol.dispose]();
    this.#entries.clear();
    await Promise.resolve();
  }

  #find(id: string): Entry | undefined {
    const entry = this.#entries.get(id);
    if (entry === undefined || entry.expiresAt > this.#clock.monotonic()) return entry;
    this.#entries.delete(id);
    return undefined;
  }

  #streamOf(entry: Entry, name: string): Stream {
    const known = entry.streams.get(name);
    if (known !== undefined) return known;
    const stream = { events: [], dropped: 0, isEnded: false };
    entry.streams.set(name, stream);
    for (const [oldest, { events }] of entry.streams) {
      if (entry.streams.size <= this.#maxStreams) break;
      entry.streams.delete(oldest);
      for (const event of events) entry.bytes -= sizeOf(event);
    }
    return stream;
  }

  #dropEvents(entry: Entry, stream: Stream): void {
    while (entry.bytes > this.#maxEventBytes) {
      const event = stream.events.shift();
      if (event === undefined) return;
      entry.bytes -= sizeOf(event);
      stream.dropped = event.sequence;
    }
  }

  #startSweep(): Timer {
    const timer = this.#clock.startTimer(sweepMs, () => {
      for (const id of this.#entries.keys()) this.#find(id);
      this.#sweep = this.#startSweep();
    });
    timer.unref();
    return timer;
  }
}

/** Keeps sessions in this process: they end with it, and no other process sees them. */
export function createMemorySessionStore(options: MemorySessionStoreOptions = {}): SessionStore {
  return new MemorySessionStore(options);
}
