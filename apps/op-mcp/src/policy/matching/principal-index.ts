import type { Principal } from "op-tools";
import { addBit, createBitSet, unite, type BitSet } from "./bit-set.ts";
import { PatternIndex, type IndexedPattern } from "./pattern-index.ts";
import type { PrincipalFacet, PrincipalPattern } from "./principal-pattern.ts";

/** What is about a caller. */
export interface PrincipalMatches {
  /** By a pattern that says more than `*`. */
  readonly named: BitSet;
  /** By any pattern. */
  readonly all: BitSet;
}

/** Finds what has a pattern that fits a caller. */
export class PrincipalIndex {
  readonly #anyone: BitSet;
  readonly #ids: PatternIndex;
  readonly #scopes: PatternIndex;
  readonly #groups: PatternIndex;
  readonly #clients: PatternIndex;

  /** The patterns of each number, by their place. */
  constructor(patterns: readonly (readonly PrincipalPattern[])[]) {
    const of = (facet: PrincipalFacet): PatternIndex =>
      new PatternIndex(patterns.length, patternsOf(patterns, facet));
    this.#anyone = createBitSet(patterns.length);
    for (const [number, ofOne] of patterns.entries()) {
      if (ofOne.some(({ facet }) => facet === "anyone")) addBit(this.#anyone, number);
    }
    this.#ids = of("id");
    this.#scopes = of("scope");
    this.#groups = of("group");
    this.#clients = of("client");
  }

  matching({ id, scopes, groups }: Principal, client?: string): PrincipalMatches {
    const named = this.#ids.matching(id).slice();
    for (const scope of scopes) unite(named, this.#scopes.matching(scope));
    for (const group of groups ?? []) unite(named, this.#groups.matching(String(group)));
    if (client !== undefined) unite(named, this.#clients.matching(client));
    const all = named.slice();
    unite(all, this.#anyone);
    return { named, all };
  }
}

function* patternsOf(
  patterns: readonly (readonly PrincipalPattern[])[],
  facet: PrincipalFacet,
): Iterable<IndexedPattern> {
  for (const [number, ofOne] of patterns.entries()) {
    for (const pattern of ofOne) if (pattern.facet === facet) yield [number, pattern.glob];
  }
}
