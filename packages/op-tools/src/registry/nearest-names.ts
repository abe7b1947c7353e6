/** Further away than this a name is no misspelling any more. */
const greatestDistance = 3;

/** So many names are compared letter by letter: a guess must not hold up everybody else. */
const mostCompared = 500;

interface Candidate {
  readonly name: string;
  /** How unlike the typed name it is. */
  readonly score: number;
}

/** The few names that were most likely meant, the likeliest first; then those that contain what was typed. */
export function nearestNames(
  typed: string,
  names: readonly string[],
  count = 3,
): readonly string[] {
  const wanted = typed.toLowerCase().slice(0, 64);
  const misspelt = findMisspelt(wanted, names).slice(0, count);
  if (misspelt.length === count || wanted.length < 3) return misspelt;
  const containing = names.filter((name) => name.toLowerCase().includes(wanted));
  return [...new Set([...misspelt, ...containing])].slice(0, count);
}

function findMisspelt(typed: string, names: readonly string[]): readonly string[] {
  const limit = Math.min(greatestDistance, Math.ceil(typed.length / 3));
  const letters = lettersOf(typed);
  const possible = within(limit, names, (name) =>
    Math.abs(name.length - typed.length) > limit ? limit + 1 : leastEdits(letters, lettersOf(name)),
  );
  const compared = possible.slice(0, mostCompared).map(({ name }) => name);
  const near = within(limit, compared, (name) => distance(typed, name.toLowerCase(), limit));
  return near.map(({ name }) => name);
}

/** The names that score no more than the limit, the least first, else in their order. */
function within(
  limit: number,
  names: readonly string[],
  toScore: (name: string) => number,
): readonly Candidate[] {
  return names
    .map((name) => ({ name, score: toScore(name) }))
    .filter(({ score }) => score <= limit)
    .toSorted((left, right) => left.score - right.score);
}

/** Which letters a name has, in any case, as bits. Other characters share bits, which makes a guess worse, not wrong. */
function lettersOf(name: string): number {
  let letters = 0;
  for (let index = 0; index < name.length; index += 1)
    letters |= 1 << (name.charCodeAt(index) & 31);
  return letters;
}

/** Each letter that only one of two names has takes an edit, which exchanges it for at most one of the other's. */
function leastEdits(left: number, right: number): number {
  return Math.max(countBits(left & ~right), countBits(right & ~left));
}

function countBits(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count += 1;
  return count;
}

/** The edit distance of two words, or more than `limit`: only what can be within it is computed, along the diagonal. */
function distance(left: string, right: string, limit: number): number {
  const far = limit + 1;
  let previous = new Uint8Array(right.length + 1).map((_, column) => Math.min(column, far));
  for (let row = 1; row <= left.length; row += 1) {
    const current = new Uint8Array(right.length + 1).fill(far);
    current[0] = Math.min(row, far);
    const end = Math.min(right.length, row + limit);
    for (let column = Math.max(1, row - limit); column <= end; column += 1) {
      const isSame = left[row - 1] === right[column - 1];
      const substituted = (previous[column - 1] ?? far) + (isSame ? 0 : 1);
      const shifted = Math.min(previous[column] ?? far, current[column - 1] ?? far) + 1;
      current[column] = Math.min(substituted, shifted, far);
    }
    previous = current;
  }
  return previous[right.length] ?? far;
}
