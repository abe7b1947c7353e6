/** What is promised about a figure. */
export interface Promised {
  readonly id: string;
  readonly what: string;
  readonly unit: string;
  readonly promised: string;
  /** How many times a peer's figure it may be; any number for peers that are not named. */
  readonly maxRatio: Readonly<Record<string, number>>;
  readonly maxValue?: number;
}

/** A measured figure beside one peer, as `pnpm bench --json` prints it. */
export interface BenchLine {
  readonly id: string;
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  readonly against: string;
  readonly ratio: number;
  readonly promised: string;
  readonly ok: boolean;
}

/** Says whether a promise was kept. */
export function toLine(
  { id, what, unit, promised, maxRatio, maxValue = Number.POSITIVE_INFINITY }: Promised,
  { value, against, ratio }: Pick<BenchLine, "value" | "against" | "ratio">,
): BenchLine {
  const ok = ratio <= (maxRatio[against] ?? Number.POSITIVE_INFINITY) && value <= maxValue;
  return { id, what, value: round(value), unit, against, ratio: round(ratio), promised, ok };
}

function round(value: number): number {
  return Number(value.toPrecision(4));
}
