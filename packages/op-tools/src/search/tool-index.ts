import MiniSearch, { type SearchOptions } from "minisearch";
import type { ToolFacets } from "../disclosure/tool-filter.ts";
import type { ToolDescriptor } from "../tool/tool-descriptor.ts";
import { fieldWeights, searchableText } from "./searchable-text.ts";
import { conceptsOf } from "./synonyms.ts";
import { isConcept, toTerms, type Meaning } from "./terms.ts";

/** A tool that matches, with how well. */
export interface IndexHit {
  readonly tool: ToolFacets;
  readonly score: number;
}

/** What to look for, and how to weigh it. */
export interface IndexQuery {
  readonly meanings: readonly Meaning[];
  /** Leaves out every tool for which this is false. */
  readonly accepts: (tool: ToolFacets) => boolean;
  /** Multiplies the score of a tool; 1 changes nothing. */
  readonly boost: (tool: ToolFacets) => number;
}

/** A concept says less than the very word, except where a phrase was meant as a whole. */
const conceptWeight = 0.6;
const phraseWeight = 1.2;
/** Only so many of the best matches are weighed by how much of the question they answer. */
const candidates = 300;

/**
 * The full-text index over tools, in memory and synchronous. It keeps what filters need of each tool, so that a search
 * reads no descriptor.
 */
export class ToolIndex {
  readonly #facets = new Map<string, ToolFacets>();
  /** How often each term occurs. Removed tools stay counted: only the magnitude matters. */
  readonly #occurrences = new Map<string, number>();
  readonly #index = new MiniSearch<ToolDescriptor>({
    fields: Object.keys(fieldWeights),
    idField: "name",
    extractField: searchableText,
    tokenize: toTerms,
    processTerm: (term) => this.#count(term),
  });

  /** Adds a tool, or replaces the one with its name. */
  set(tool: ToolDescriptor): void {
    this.delete(tool.name);
    const { name, source, category, tags, risk } = tool;
    this.#facets.set(name, { name, source, category, tags, risk });
    this.#index.add(tool);
  }

  /** Removes a tool; an unknown name is ignored. */
  delete(name: string): void {
    if (this.#facets.delete(name)) this.#index.discard(name);
  }

  /** Every tool, in no order. */
  tools(): Iterable<ToolFacets> {
    return this.#facets.values();
  }

  /** The best matches, in no order. */
  search({ meanings, accepts, boost }: IndexQuery): IndexHit[] {
    const found = this.#index.search("", {
      ...this.#optionsFor(meanings),
      filter: ({ id }) => {
        const tool = this.#facets.get(String(id));
        return tool !== undefined && accepts(tool);
      },
    });
    return found.slice(0, candidates).flatMap(({ id, score, queryTerms }) => {
      const tool = this.#facets.get(String(id));
      if (tool === undefined) return [];
      // MiniSearch multiplies by the number of terms; here one meaning has several, so their share is taken instead.
      const fit = (score / queryTerms.length) * this.#coverage(meanings, new Set(queryTerms));
      return [{ tool, score: fit * boost(tool) }];
    });
  }

  #optionsFor(meanings: readonly Meaning[]): SearchOptions {
    const terms = [...new Set(meanings.flatMap((meaning) => meaning.terms))];
    const phrases = new Set(
      meanings.filter((meaning) => meaning.isPhrase).flatMap((meaning) => meaning.terms),
    );
    const last = meanings.findLast((meaning) => !meaning.isPhrase)?.terms[0];
    return {
      boost: fieldWeights,
      tokenize: () => terms,
      processTerm: (term) => term,
      boostTerm: (term) => {
        if (!isConcept(term)) return 1;
        return phrases.has(term) ? phraseWeight : conceptWeight;
      },
      fuzzy: (term) => (this.#mayBeMistyped(term) ? 0.25 : false),
      prefix: (term) => term === last && term.length > 2,
      maxFuzzy: 2,
    };
  }

  #count(term: string): string {
    this.#occurrences.set(term, (this.#occurrences.get(term) ?? 0) + 1);
    return term;
  }

  #mayBeMistyped(term: string): boolean {
    const isKnown = this.#occurrences.has(term) || conceptsOf(term).length > 0;
    return term.length >= 5 && !isConcept(term) && !isKnown;
  }

  /** Which part of what was asked a tool answers: rare words count more, unknown ones not at all. */
  #coverage(meanings: readonly Meaning[], matched: ReadonlySet<string>): number {
    let [covered, whole] = [0, 0];
    for (const { terms } of meanings) {
      const weight = this.#rarity(terms);
      whole += weight;
      if (terms.some((term) => matched.has(term))) covered += weight;
    }
    return whole === 0 ? 1 : covered / whole;
  }

  #rarity(terms: readonly string[]): number {
    const occurrences = Math.max(...terms.map((term) => this.#occurrences.get(term) ?? 0));
    const fields = this.#index.documentCount * Object.keys(fieldWeights).length;
    return occurrences === 0 ? 0 : Math.log(1 + fields / occurrences);
  }
}
