import type { Clock, Timer } from "op-core";
import { UpstreamClosedError, type UpstreamClient } from "op-protocol/client";

/** What a pool takes. */
export interface ClientPoolOptions {
  readonly create: (key: string) => UpstreamClient;
  /** How long a connection without use is kept. */
  readonly idleMs: number;
  /** The user whose connection is kept all the same. */
  readonly kept?: string;
  readonly clock: Clock;
}

/** A connection that is lent, until it is given back. */
export interface Loan {
  readonly key: string;
  readonly client: UpstreamClient;
}

interface Entry extends Loan {
  users: number;
  idleSinceMs: number;
  timer: Timer | undefined;
}

/** The connections of one upstream, by who uses them. One that is not used for long enough is ended. */
export class ClientPool implements AsyncDisposable {
  readonly #options: ClientPoolOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #ending = new Set<Promise<void>>();
  #isClosed = false;

  constructor(options: ClientPoolOptions) {
    this.#options = options;
  }

  get clients(): readonly UpstreamClient[] {
    return [...this.#entries.values()].map(({ client }) => client);
  }

  find(key: string): UpstreamClient | undefined {
    return this.#entries.get(key)?.client;
  }

  /** A key of this user whose connection nobody uses now. */
  freeKeyOf(user: string): string {
    let key = user;
    for (let number = 2; (this.#entries.get(key)?.users ?? 0) > 0; number += 1)
      key = `${user}#${number}`;
    return key;
  }

  /** Lends the connection of a user. Who borrows it gives it back, once. */
  lend(key: string): Loan {
    if (this.#isClosed) throw new UpstreamClosedError("it is not used any more");
    const entry = this.#entryOf(key);
    entry.users += 1;
    return entry;
  }

  takeBack({ key }: Loan): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    entry.users -= 1;
    if (entry.users === 0) this.#startIdling(entry);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    const entries = [...this.#entries.values()];
    this.#entries.clear();
    for (const { timer } of entries) timer?.[Symbol.dispose]();
    await Promise.all(entries.map(({ client }) => client[Symbol.asyncDispose]()));
    await Promise.all(this.#ending);
  }

  #entryOf(key: string): Entry {
    const known = this.#entries.get(key);
    if (known !== undefined) return known;
    const entry: Entry = {
      key,
      client: this.#options.create(key),
      users: 0,
      idleSinceMs: 0,
      timer: undefined,
    };
    this.#entries.set(key, entry);
    return entry;
  }

  async #end({ client }: Entry): Promise<void> {
    // A connection that cannot be ended well is gone all the same.
    await client[Symbol.asyncDispose]().then(undefined, () => undefined);
  }

  /** A timer that runs is left alone: when it is due, it sees for how long the connection has not been used. */
  #startIdling(entry: Entry): void {
    const { idleMs, kept, clock } = this.#options;
    if (entry.key === kept) return;
    entry.idleSinceMs = clock.monotonic();
    if (entry.timer === undefined) this.#startTimer(entry, idleMs);
  }

  #startTimer(entry: Entry, delayMs: number): void {
    const { idleMs, clock } = this.#options;
    entry.timer = clock.startTimer(delayMs, () => {
      entry.timer = undefined;
      if (entry.users > 0) return;
      const leftMs = entry.idleSinceMs + idleMs - clock.monotonic();
      if (leftMs > 0) this.#startTimer(entry, leftMs);
      else this.#drop(entry);
    });
    entry.timer.unref();
  }

  #drop(entry: Entry): void {
    this.#entries.delete(entry.key);
    const ending = this.#end(entry);
    this.#ending.add(ending);
    void ending.then(() => this.#ending.delete(ending));
  }
}
