/** Further away than this a name is no misspelling any more. */
const greatestDistance = 3;

/** The edit distance of two words, or more than `limit` as soon as that is certain. */
function distance(left: string, right: string, limit: number): number {
  if (Math.abs(left.length - right.length) > limit) return limit + 1;
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= right.length; column += 1) {
      const substituted =
        (previous[column - 1] ?? 0) + (left[row - 1] === right[column - 1] ? 0 : 1);
      current.push(
        Math.min(substituted, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1),
      );
    }
    if (Math.min(...current) > limit) return limit + 1;
    previous = current;
  }
  return previous[right.length] ?? limit + 1;
}

/** How unlike a name is to what was typed; names that contain it come right after true misspellings. */
function unlikeness(typed: string, name: string): number {
  const limit = Math.min(greatestDistance, Math.ceil(typed.length / 3));
  const edits = distance(typed, name, limit);
  if (edits <= limit) return edits;
  return typed.length >= 3 && name.includes(typed) ? limit + 1 : Infinity;
}

/** The few names that were most likely meant, the likeliest first. */
export function nearestNames(
  typed: string,
  names: readonly string[],
  count = 3,
): readonly string[] {
  const wanted = typed.toLowerCase().slice(0, 64);
  return names
    .map((name) => ({ name, score: unlikeness(wanted, name.toLowerCase()) }))
    .filter(({ score }) => score < Infinity)
    .toSorted((left, right) => left.score - right.score)
    .slice(0, count)
    .map(({ name }) => name);
}
