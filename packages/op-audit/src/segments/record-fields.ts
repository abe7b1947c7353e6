import { isTreeHash, type TreeHash } from "../merkle/tree-hash.ts";

/** Something in a file that is not what this package writes there. */
class UnreadableRecord extends Error {}

/**
 * Fields of a record that this package wrote itself, read strictly and without a schema: whoever only writes the log
 * then needs no schema library, which takes more memory than all the rest.
 */
export class RecordFields {
  readonly #fields: ReadonlyMap<string, unknown>;

  /** Takes an object with these fields and no others; those in `optional` may be missing. */
  constructor(value: unknown, names: readonly string[], optional: readonly string[] = []) {
    const isRecord = typeof value === "object" && value !== null && !Array.isArray(value);
    this.#fields = new Map<string, unknown>(isRecord ? Object.entries(value) : []);
    const known = new Set([...names, ...optional]);
    const isComplete = names.every((name) => this.#fields.has(name));
    if (!isRecord || !isComplete || [...this.#fields.keys()].some((name) => !known.has(name))) {
      throw new UnreadableRecord();
    }
  }

  has(name: string): boolean {
    return this.#fields.has(name);
  }

  raw(name: string): unknown {
    return this.#fields.get(name);
  }

  text(name: string): string {
    const value = this.#fields.get(name);
    return typeof value === "string" ? value : fail();
  }

  /** One of these texts or numbers. */
  oneOf<Value extends string | number>(name: string, values: readonly Value[]): Value {
    const found = values.find((value) => value === this.#fields.get(name));
    return found ?? fail();
  }

  count(name: string): number {
    const value = this.#fields.get(name);
    return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : fail();
  }

  /** A moment in UTC, as `Date.toISOString` writes it. */
  time(name: string): string {
    const text = this.text(name);
    return /^\d{4,}-\d\d-\d\dT[\d:.]+Z$/.test(text) && !Number.isNaN(Date.parse(text))
      ? text
      : fail();
  }

  hash(name: string): TreeHash {
    const value = this.#fields.get(name);
    return isTreeHash(value) ? value : fail();
  }

  hashes(name: string): TreeHash[] {
    const value = this.#fields.get(name);
    return Array.isArray(value) && value.every(isTreeHash) ? value : fail();
  }
}

function fail(): never {
  throw new UnreadableRecord();
}

/** Reads a record from JSON; nothing, if it is not JSON or another record. */
export function readRecord<Parsed>(
  json: string,
  read: (value: unknown) => Parsed,
): Parsed | undefined {
  try {
    return read(JSON.parse(json));
  } catch (error) {
    if (error instanceof UnreadableRecord || error instanceof SyntaxError) return undefined;
    throw error;
  }
}
