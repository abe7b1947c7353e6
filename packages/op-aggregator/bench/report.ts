/** What was promised, and how the measured share of the peer's value is judged. */
export interface Promised {
  readonly id: string;
  readonly what: string;
  readonly unit: string;
  readonly promised: string;
  readonly isKept: (ratio: number) => boolean;
}

const rounded = (value: number): number => Number(value.toPrecision(4));

/** Prints one line of `pnpm bench`. */
export function report(promise: Promised, ours: number, peer: readonly [string, number]): void {
  const { isKept, ...line } = promise;
  const [label, theirs] = peer;
  const ratio = ours / theirs;
  const against = `${label}, ${rounded(theirs)} ${promise.unit}`;
  const measured = { value: rounded(ours), against, ratio: rounded(ratio), ok: isKept(ratio) };
  process.stdout.write(`${JSON.stringify({ ...line, ...measured })}\n`);
}
