import { stem } from "./stem.ts";
import { stopWords } from "./stop-words.ts";
import { conceptsOf, phrasesIn } from "./synonyms.ts";
import { tokenise } from "./tokenise.ts";

/** One thing a question says, as terms of the index that may stand for it: a word and its concepts, or a phrase's concept. */
export interface Meaning {
  readonly terms: readonly string[];
  readonly isPhrase: boolean;
}

/** The terms under which a text is indexed: its words, and the concepts of words and phrases. */
export function toTerms(text: string): string[] {
  const tokens = tokenise(text);
  const words = contentOf(tokens);
  const phrases = [...phrasesIn(tokens.map(stem)), ...phrasesIn(words)];
  return [
    ...words,
    ...words.flatMap(conceptsOf),
    ...new Set(phrases.map(({ concept }) => concept)),
  ];
}

/** Reads a question. The words of a phrase mean only what the phrase means. */
export function toMeanings(question: string): readonly Meaning[] {
  const tokens = tokenise(question);
  const words = contentOf(tokens);
  const phrases = [...phrasesIn(tokens.map(stem)), ...phrasesIn(words)];
  const taken = new Set(phrases.flatMap(({ stems }) => stems));
  const concepts = new Set(phrases.map(({ concept }) => concept));
  return [
    ...words
      .filter((word) => !taken.has(word))
      .map((word) => ({ terms: [word, ...conceptsOf(word)], isPhrase: false })),
    ...Array.from(concepts, (concept) => ({ terms: [concept], isPhrase: true })),
  ];
}

/** Whether a term is a concept instead of a word. */
export function isConcept(term: string): boolean {
  return term.startsWith("~");
}

function contentOf(tokens: readonly string[]): readonly string[] {
  return tokens.filter((token) => !stopWords.has(token)).map(stem);
}
