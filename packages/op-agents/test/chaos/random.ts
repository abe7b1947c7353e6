/** Choices that are the same in every run with the same seed. */
export interface Random {
  /** From 0 to 1. */
  next(): number;
  pick<T>(from: readonly [T, ...T[]]): T;
}

/** Makes them from a seed. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  return { next, pick: (from) => from[Math.floor(next() * from.length)] ?? from[0] };
}
