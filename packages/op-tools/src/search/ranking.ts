import type { IndexHit } from "./tool-index.ts";

/** Each further match of one source is worth so much less, so that one source does not fill the first page. */
const repetitionWeight = 0.85;
const mostRepetitions = 8;
/** What scores less than this part of the best match is no answer. */
const relevantPart = 0.25;

/** Puts matches in order, best first, mixes sources and leaves out what is far behind the best. */
export function rank(hits: readonly IndexHit[]): readonly IndexHit[] {
  const ranked = mixSources(hits.toSorted(byScore)).toSorted(byScore);
  const least = (ranked[0]?.score ?? 0) * relevantPart;
  return ranked.filter((hit) => hit.score >= least);
}

function mixSources(hits: readonly IndexHit[]): readonly IndexHit[] {
  const seen = new Map<string, number>();
  return hits.map(({ tool, score }) => {
    const before = seen.get(tool.source) ?? 0;
    seen.set(tool.source, before + 1);
    return { tool, score: score * repetitionWeight ** Math.min(before, mostRepetitions) };
  });
}

/** Equals are ordered by name, so that the same question has the same answer. */
function byScore(a: IndexHit, b: IndexHit): number {
  return b.score - a.score || (a.tool.name < b.tool.name ? -1 : 1);
}
