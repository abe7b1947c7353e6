import { SeriesTable, type Labels, type Metric, type MetricOptions } from "./metric.ts";

/** Counts things that happen. */
export type Counter = Metric & { add(labels?: Labels, amount?: number): void };

/** Makes a counter. */
export function createCounter(options: MetricOptions): Counter {
  const { name, help } = options;
  const table = new SeriesTable(options, () => ({ count: 0 }));
  return {
    name,
    help,
    type: "counter",
    add: (labels = {}, amount = 1) => {
      table.at(labels).count += amount;
    },
    series: function* () {
      for (const { labels, value } of table.series()) yield { labels, value: value.count };
    },
  };
}
