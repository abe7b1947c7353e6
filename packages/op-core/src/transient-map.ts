/** One entry, in the chain of those whose keys fall together. */
class Entry<K, V> {
  readonly key: K;
  /** Grows from entry to entry. */
  readonly number: number;
  value: V;
  next: Entry<K, V> | undefined;

  constructor(key: K, value: V, number: number, next: Entry<K, V> | undefined) {
    this.key = key;
    this.value = value;
    this.number = number;
    this.next = next;
  }
}

/** A power of two, so that a key's place is found by its lowest bits. */
const places = 64;

/**
 * A map for what comes and goes all the time, such as requests in flight, in the order it came. V8's `Map` links each
 * table it has outgrown to the next, so that one that a collection moved to the old space keeps alive all that any later
 * one ever held, until the old space is collected too; and deleting properties of an object is slow. This has one table
 * that never grows: it is for hundreds of entries, not for hundreds of thousands.
 */
export class TransientMap<K extends string | number, V extends object> {
  readonly #chains: (Entry<K, V> | undefined)[] = Array.from({ length: places });
  #size = 0;
  #lastNumber = 0;

  get size(): number {
    return this.#size;
  }

  has(key: K): boolean {
    return this.#find(key) !== undefined;
  }

  get(key: K): V | undefined {
    return this.#find(key)?.value;
  }

  set(key: K, value: V): void {
    const known = this.#find(key);
    if (known !== undefined) {
      known.value = value;
      return;
    }
    const place = placeOf(key);
    this.#lastNumber += 1;
    this.#chains[place] = new Entry(key, value, this.#lastNumber, this.#chains[place]);
    this.#size += 1;
  }

  /** Removes what it had under this key, and returns it. */
  take(key: K): V | undefined {
    const place = placeOf(key);
    let before: Entry<K, V> | undefined;
    for (let entry = this.#chains[place]; entry !== undefined; entry = entry.next) {
      if (entry.key === key) {
        if (before === undefined) this.#chains[place] = entry.next;
        else before.next = entry.next;
        this.#size -= 1;
        return entry.value;
      }
      before = entry;
    }
    return undefined;
  }

  /** @yields each key with its value, as they came; what is taken meanwhile is left out */
  *[Symbol.iterator](): Generator<readonly [K, V]> {
    const entries: Entry<K, V>[] = [];
    for (const first of this.#chains)
      for (let entry = first; entry !== undefined; entry = entry.next) entries.push(entry);
    entries.sort((a, b) => a.number - b.number);
    for (const entry of entries)
      if (this.#find(entry.key) === entry) yield [entry.key, entry.value];
  }

  #find(key: K): Entry<K, V> | undefined {
    let entry = this.#chains[placeOf(key)];
    while (entry !== undefined && entry.key !== key) entry = entry.next;
    return entry;
  }
}

function placeOf(key: string | number): number {
  const number = typeof key === "number" ? key : key.length + key.charCodeAt(key.length - 1);
  return number & (places - 1);
}
