import { createBitSet, addBit, unite, type BitSet } from "./bit-set.ts";
import type { Glob } from "./glob.ts";

/** Whoever asks about ever new texts must not make it grow. */
const mostRemembered = 4096;

/** A pattern, and the number of what it belongs to. */
export type IndexedPattern = readonly [number: number, glob: Glob];

/** Finds what has a pattern that fits a text, without trying all patterns for each text. */
export class PatternIndex {
  readonly #size: number;
  readonly #always: BitSet;
  readonly #exact = new Map<string, BitSet>();
  readonly #globs = new Map<string, { readonly glob: Glob; readonly set: BitSet }>();
  readonly #remembered = new Map<string, BitSet>();

  constructor(size: number, patterns: Iterable<IndexedPattern>) {
    this.#size = size;
    this.#always = createBitSet(size);
    for (const [number, glob] of patterns) addBit(this.#setOf(glob), number);
  }

  /** The numbers with a pattern that fits. It is shared: look at it, and do not change it. */
  matching(text: string): BitSet {
    const known = this.#remembered.get(text);
    if (known !== undefined) return known;
    const found = this.#find(text);
    if (this.#remembered.size >= mostRemembered) this.#remembered.clear();
    this.#remembered.set(text, found);
    return found;
  }

  #find(text: string): BitSet {
    const found = this.#always.slice();
    const exact = this.#exact.get(text);
    if (exact !== undefined) unite(found, exact);
    for (const { glob, set } of this.#globs.values()) if (glob.matches(text)) unite(found, set);
    return found;
  }

  #setOf(glob: Glob): BitSet {
    if (glob.isAny) return this.#always;
    if (glob.isExact) {
      const set = this.#exact.get(glob.pattern) ?? createBitSet(this.#size);
      this.#exact.set(glob.pattern, set);
      return set;
    }
    const known = this.#globs.get(glob.pattern) ?? { glob, set: createBitSet(this.#size) };
    this.#globs.set(glob.pattern, known);
    return known.set;
  }
}
