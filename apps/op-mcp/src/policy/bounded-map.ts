/** Keeps a bounded number of entries; the longest unused is forgotten. */
export class BoundedMap<Value> {
  readonly #most: number;
  readonly #entries = new Map<string, Value>();

  constructor(most: number) {
    this.#most = most;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** What is kept for the key. It counts as used. */
  get(key: string): Value | undefined {
    const value = this.#entries.get(key);
    // While there is room for as many again, nobody has to know what was used last.
    if (value !== undefined && this.#entries.size * 2 > this.#most) this.set(key, value);
    return value;
  }

  set(key: string, value: Value): void {
    this.#entries.delete(key);
    this.#entries.set(key, value);
    const [oldest] = this.#entries.size > this.#most ? this.#entries.keys() : [];
    if (oldest !== undefined) this.#entries.delete(oldest);
  }

  /** What is kept for the key, made where nothing is. */
  getOrMake(key: string, make: () => Value): Value {
    const known = this.get(key);
    if (known !== undefined) return known;
    const value = make();
    this.set(key, value);
    return value;
  }

  clear(): void {
    this.#entries.clear();
  }
}
