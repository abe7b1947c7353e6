/**
 * A map for what comes and goes all the time, such as requests in flight. V8's `Map` links each table it has outgrown to
 * the next, so that one that a collection moved to the old space keeps alive all that any later one ever held, until the
 * old space is collected too. The properties of an object have no such chain.
 */
export class TransientMap<K extends string | number, V extends object> {
  readonly #entries: Record<string | number, readonly [K, V] | undefined> = Object.create(null);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  has(key: K): boolean {
    return this.get(key) !== undefined;
  }

  get(key: K): V | undefined {
    return this.#entries[toProperty(key)]?.[1];
  }

  set(key: K, value: V): void {
    if (!this.has(key)) this.#size += 1;
    this.#entries[toProperty(key)] = [key, value];
  }

  /** Removes what it had under this key, and returns it. */
  take(key: K): V | undefined {
    const property = toProperty(key);
    const entry = this.#entries[property];
    if (entry === undefined) return undefined;
    delete this.#entries[property];
    this.#size -= 1;
    return entry[1];
  }

  /** @yields each key with its value; whole numbers in their order, then the others as they came */
  *[Symbol.iterator](): Generator<readonly [K, V]> {
    for (const property in this.#entries) {
      const entry = this.#entries[property];
      if (entry !== undefined) yield entry;
    }
  }
}

/** A number and the text that looks like it are two keys. */
function toProperty(key: string | number): string | number {
  return typeof key === "number" ? key : `$${key}`;
}
