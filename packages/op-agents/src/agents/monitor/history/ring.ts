/** The last so many of something. */
export interface Ring<T> {
  add(item: T): void;
  /** The oldest first. */
  items(): readonly T[];
}

/** Makes a ring that keeps so many; the oldest make room. */
export function createRing<T>(length: number): Ring<T> {
  const kept: T[] = [];
  let next = 0;
  return {
    add: (item) => {
      kept[next] = item;
      next = (next + 1) % length;
    },
    items: () => (kept.length < length ? [...kept] : [...kept.slice(next), ...kept.slice(0, next)]),
  };
}
