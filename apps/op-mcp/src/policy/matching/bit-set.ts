/** A set of small whole numbers, as bits of words; the sets of one index have the same length. */
export type BitSet = Uint32Array;

const wordBits = 32;

/** Makes an empty set for the numbers below `size`. */
export function createBitSet(size: number): BitSet {
  return new Uint32Array(Math.ceil(size / wordBits));
}

/** Puts a number into the set. */
export function addBit(set: BitSet, number: number): void {
  const at = Math.floor(number / wordBits);
  set[at] = (set[at] ?? 0) | (1 << (number % wordBits));
}

/** Whether the number is in the set. */
export function hasBit(set: BitSet, number: number): boolean {
  return (((set[Math.floor(number / wordBits)] ?? 0) >>> (number % wordBits)) & 1) === 1;
}

/** Puts everything of `other` into the set. */
export function unite(set: BitSet, other: BitSet): void {
  for (let at = 0; at < set.length; at += 1) set[at] = (set[at] ?? 0) | (other[at] ?? 0);
}

/** Keeps only what is in `other` too. */
export function intersect(set: BitSet, other: BitSet): void {
  for (let at = 0; at < set.length; at += 1) set[at] = (set[at] ?? 0) & (other[at] ?? 0);
}

/** The least number in both sets that is at least `from`; -1 where there is none. */
export function nextCommonBit(set: BitSet, other: BitSet, from: number): number {
  let at = Math.floor(from / wordBits);
  let word = (set[at] ?? 0) & (other[at] ?? 0) & (-1 << (from % wordBits));
  while (word === 0) {
    at += 1;
    if (at >= set.length) return -1;
    word = (set[at] ?? 0) & (other[at] ?? 0);
  }
  return at * wordBits + (wordBits - 1 - Math.clz32(word & -word));
}
