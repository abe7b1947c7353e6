const vowel = /[aeiouy]/u;

/** Endings that make another word of the same family, longest first; what stays must have four letters. */
const families: readonly (readonly [ending: string, replacement: string])[] = [
  ["isation", "is"],
  ["ization", "is"],
  ["ation", "at"],
  ["ment", ""],
  ["ness", ""],
  ["ly", ""],
  ["iz", "is"],
];

/**
 * Reduces an English word to a form that its inflections share: `services`, `service`; `stopped`, `stopping`, `stop`.
 * Lighter than Porter's: it would rather keep two words apart than take `policy` for `police`.
 */
export function stem(word: string): string {
  if (word.length < 4 || /\d/u.test(word)) return word;
  return dropFamily(dropFinalE(dropTense(dropPlural(word))));
}

function dropPlural(word: string): string {
  if (word.endsWith("ies") && word.length > 4) return `${word.slice(0, -3)}y`;
  if (/(?:ss|sh|ch|x|z)es$/u.test(word)) return word.slice(0, -2);
  if (word.endsWith("s") && !/(?:ss|us|is)$/u.test(word)) return word.slice(0, -1);
  return word;
}

function dropTense(word: string): string {
  if (word.endsWith("ied") && word.length > 4) return `${word.slice(0, -3)}y`;
  const ending = ["ing", "ed", "er"].find((candidate) => word.endsWith(candidate));
  if (ending === undefined || word.endsWith("eed")) return word;
  const root = word.slice(0, -ending.length);
  if (root.length < 3 || !vowel.test(root)) return word;
  return ending === "er" && !isDoubled(root) ? word : undouble(root);
}

function isDoubled(root: string): boolean {
  return /([bdgmnprt])\1$/u.test(root);
}

function undouble(root: string): string {
  return isDoubled(root) ? root.slice(0, -1) : root;
}

function dropFamily(word: string): string {
  const family = families.find(
    ([ending]) => word.endsWith(ending) && word.length - ending.length >= 4,
  );
  if (family === undefined) return word;
  const [ending, replacement] = family;
  return word.slice(0, -ending.length) + replacement;
}

function dropFinalE(word: string): string {
  return word.length > 4 && word.endsWith("e") ? word.slice(0, -1) : word;
}
