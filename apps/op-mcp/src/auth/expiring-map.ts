import type { Clock } from "op-core";

interface Entry<Value> {
  readonly value: Value;
  readonly untilMs: number;
}

/** Keeps a bounded number of entries, each for a while; when there are too many, the longest unused one goes. */
export class ExpiringMap<Value> {
  readonly #most: number;
  readonly #clock: Clock;
  readonly #entries = new Map<string, Entry<Value>>();

  constructor(most: number, clock: Clock) {
    this.#most = most;
    this.#clock = clock;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: string): Value | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#entries.delete(key);
    if (entry.untilMs <= this.#clock.monotonic()) return undefined;
    this.#entries.set(key, entry);
    return entry.value;
  }

  set(key: string, value: Value, forMs: number): void {
    this.#entries.delete(key);
    this.#entries.set(key, { value, untilMs: this.#clock.monotonic() + forMs });
    const [oldest] = this.#entries.size > this.#most ? this.#entries.keys() : [];
    if (oldest !== undefined) this.#entries.delete(oldest);
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }
}
