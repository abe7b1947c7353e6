import { isJsonObject } from "op-core";
import { isTreeHash, type TreeHash } from "../merkle/tree-hash.ts";

/**
 * Fields of a record that this package wrote itself, read strictly and without a schema: whoever only writes the log
 * then needs no schema library, which takes more memory than all the rest. A field that is not as it should be reads as
 * empty, and the record is not sound.
 */
export class RecordFields {
  readonly #fields: ReadonlyMap<string, unknown>;
  #isSound: boolean;

  /** Takes an object with these fields and no others; those in `optional` may be missing. */
  constructor(value: unknown, names: readonly string[], optional: readonly string[] = []) {
    this.#fields = new Map<string, unknown>(isJsonObject(value) ? Object.entries(value) : []);
    const known = new Set([...names, ...optional]);
    this.#isSound =
      names.every((name) => this.#fields.has(name)) &&
      [...this.#fields.keys()].every((name) => known.has(name));
  }

  /** Whether everything that was read so far was as it should be. */
  get isSound(): boolean {
    return this.#isSound;
  }

  has(name: string): boolean {
    return this.#fields.has(name);
  }

  raw(name: string): unknown {
    return this.#fields.get(name);
  }

  text(name: string): string {
    const value = this.#fields.get(name);
    return typeof value === "string" ? value : this.#refuse("");
  }

  /** One of these values; the first, if it is none of them. */
  oneOf<Value extends string | number>(
    name: string,
    first: Value,
    ...others: readonly Value[]
  ): Value {
    const found = [first, ...others].find((value) => value === this.#fields.get(name));
    return found ?? this.#refuse(first);
  }

  count(name: string): number {
    const value = this.#fields.get(name);
    const isCount = typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
    return isCount ? value : this.#refuse(0);
  }

  /** A moment in UTC, as `Date.toISOString` writes it. */
  time(name: string): string {
    const text = this.text(name);
    const isTime = /^\d{4,}-\d\d-\d\dT[\d:.]+Z$/.test(text) && !Number.isNaN(Date.parse(text));
    return isTime ? text : this.#refuse("");
  }

  hash(name: string): TreeHash {
    const value = this.#fields.get(name);
    return isTreeHash(value) ? value : this.#refuse("");
  }

  hashes(name: string): readonly TreeHash[] {
    const value = this.#fields.get(name);
    return Array.isArray(value) && value.every(isTreeHash) ? value : this.#refuse([]);
  }

  #refuse<Empty>(empty: Empty): Empty {
    this.#isSound = false;
    return empty;
  }
}

/** The value that a text of JSON stands for; nothing, if it is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
