/**
 * The candidates that someone who typed `word` probably meant, best first: few edits away, or containing it. Empty when
 * nothing is near.
 */
export function nearest(word: string, candidates: Iterable<string>, limit = 3): readonly string[] {
  const wanted = word.toLowerCase();
  const scored: { candidate: string; distance: number }[] = [];
  for (const candidate of candidates) {
    const distance = distanceOf(wanted, candidate.toLowerCase());
    if (distance !== undefined) scored.push({ candidate, distance });
  }
  scored.sort((a, b) => a.distance - b.distance || (a.candidate < b.candidate ? -1 : 1));
  const [best] = scored;
  return scored
    .filter(({ distance }) => distance <= (best?.distance ?? 0) + 1)
    .slice(0, limit)
    .map(({ candidate }) => candidate);
}

/** "Did you mean a or b?", or `undefined` when nothing is near. */
export function didYouMean(word: string, candidates: Iterable<string>): string | undefined {
  const near = nearest(word, candidates);
  return near.length === 0 ? undefined : `Did you mean ${near.join(" or ")}?`;
}

function distanceOf(wanted: string, candidate: string): number | undefined {
  const most = Math.max(1, Math.floor(Math.max(wanted.length, candidate.length) / 3));
  const edits = editDistance(wanted, candidate);
  if (edits <= most) return edits;
  const isPart = wanted.length >= 3 && candidate.includes(wanted);
  return isPart ? most + candidate.length - wanted.length : undefined;
}

/** Insertions, deletions, substitutions and swaps of neighbours that turn one word into the other. */
export function editDistance(a: string, b: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const isSame = a[row - 1] === b[column - 1];
      const isSwap = a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      current.push(
        Math.min(
          at(previous, column) + 1,
          at(current, column - 1) + 1,
          at(previous, column - 1) + (isSame ? 0 : 1),
          isSwap ? at(beforePrevious, column - 2) + 1 : Infinity,
        ),
      );
    }
    beforePrevious = previous;
    previous = current;
  }
  return at(previous, b.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Infinity;
}
