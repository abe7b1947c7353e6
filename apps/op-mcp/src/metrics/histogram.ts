import { sampleLine, SeriesTable, type Labels, type Metric, type MetricOptions } from "./metric.ts";

/** Counts values by size. */
export interface Histogram extends Metric {
  observe(labels: Labels, value: number): void;
}

/** Upper bounds in seconds for calls: from what costs nothing to what somebody waits for. */
export const callSeconds: readonly number[] = [
  0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 60,
];

interface Distribution {
  /** How many values lie in each bucket alone; the last one has no upper bound. */
  readonly counts: number[];
  sum: number;
}

/** Makes a histogram with these upper bounds, ascending. */
export function createHistogram(options: MetricOptions, bounds: readonly number[]): Histogram {
  const { name, help } = options;
  const table = new SeriesTable<Distribution>(options, () => ({
    counts: Array.from({ length: bounds.length + 1 }, () => 0),
    sum: 0,
  }));
  return {
    name,
    help,
    type: "histogram",
    observe: (labels, value) => {
      const series = table.at(labels);
      const found = bounds.findIndex((bound) => value <= bound);
      const index = found === -1 ? bounds.length : found;
      series.counts[index] = (series.counts[index] ?? 0) + 1;
      series.sum += value;
    },
    lines: function* () {
      for (const [labels, series] of table.entries())
        yield* linesOf(name, labels, { bounds, series });
    },
  };
}

function* linesOf(
  name: string,
  labels: string,
  { bounds, series }: { readonly bounds: readonly number[]; readonly series: Distribution },
): Generator<string> {
  const prefix = labels === "" ? "" : `${labels},`;
  let total = 0;
  for (const [index, count] of series.counts.entries()) {
    total += count;
    const bound = index < bounds.length ? String(bounds[index]) : "+Inf";
    yield sampleLine(`${name}_bucket`, `${prefix}le="${bound}"`, total);
  }
  yield sampleLine(`${name}_sum`, labels, series.sum);
  yield sampleLine(`${name}_count`, labels, total);
}
