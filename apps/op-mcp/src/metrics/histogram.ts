import { SeriesTable, type Labels, type Metric, type MetricOptions } from "./metric.ts";

/** Counts values by size. */
export type Histogram = Metric & { observe(labels: Labels, value: number): void };

/** Upper bounds in seconds for calls: from what costs nothing to what somebody waits for. */
export const callSeconds: readonly number[] = [
  0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 60,
];

/** Makes a histogram with these upper bounds, ascending. */
export function createHistogram(options: MetricOptions, bounds: readonly number[]): Histogram {
  const { name, help } = options;
  const table = new SeriesTable(options, () => ({
    bounds,
    counts: Array.from({ length: bounds.length + 1 }, () => 0),
    sum: 0,
  }));
  return {
    name,
    help,
    type: "histogram",
    observe: (labels, value) => {
      const distribution = table.at(labels);
      const found = bounds.findIndex((bound) => value <= bound);
      const index = found === -1 ? bounds.length : found;
      distribution.counts[index] = (distribution.counts[index] ?? 0) + 1;
      distribution.sum += value;
    },
    series: () => table.series(),
  };
}
