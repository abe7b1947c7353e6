import { sampleLine, SeriesTable, type Labels, type Metric, type MetricOptions } from "./metric.ts";

/** Counts things that happen. */
export interface Counter extends Metric {
  add(labels?: Labels, amount?: number): void;
}

/** Makes a counter. */
export function createCounter(options: MetricOptions): Counter {
  const { name, help } = options;
  const table = new SeriesTable(options, () => ({ value: 0 }));
  return {
    name,
    help,
    type: "counter",
    add: (labels = {}, amount = 1) => {
      table.at(labels).value += amount;
    },
    lines: function* () {
      for (const [labels, { value }] of table.entries()) yield sampleLine(name, labels, value);
    },
  };
}
