/** What one row measured. `ratio` is the value as a share of what it is held against. */
export interface Measured {
  readonly value: number;
  readonly against: string;
  readonly ratio: number;
  readonly ok: boolean;
}

/** One promise and how it is measured. */
export interface BenchRow {
  readonly id: string;
  readonly what: string;
  readonly unit: "ms" | "µs" | "MB" | "/s";
  readonly promised: string;
  measure(): Promise<Measured>;
}

/** One line of the output. */
export interface BenchLine extends Omit<BenchRow, "measure"> {
  readonly value: number | null;
  readonly against: string;
  readonly ratio: number | null;
  readonly ok: boolean;
}

function rounded(value: number): number {
  return Number(value.toPrecision(4));
}

/** Measures a row. One that fails to measure is a line that is not ok and says why. */
export async function runRow(row: BenchRow): Promise<BenchLine> {
  const { id, what, unit, promised } = row;
  const line = { id, what, unit, promised };
  try {
    const { value, against, ratio, ok } = await row.measure();
    return { ...line, value: rounded(value), against, ratio: rounded(ratio), ok };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { ...line, value: null, against: `not measured: ${why}`, ratio: null, ok: false };
  }
}
