import { sampleLine, SeriesTable, type Labels, type Metric, type MetricOptions } from "./metric.ts";

/** Values of a moment, with their labels. */
export type ReadGauge = () => Iterable<readonly [Labels, number]>;

/** Makes a gauge whose values are read when somebody looks. */
export function createGauge(options: MetricOptions, read: ReadGauge): Metric {
  const { name, help } = options;
  return {
    name,
    help,
    type: "gauge",
    lines: function* () {
      const table = new SeriesTable(options, () => ({ value: 0 }));
      for (const [labels, value] of read()) table.at(labels).value += value;
      for (const [labels, { value }] of table.entries()) yield sampleLine(name, labels, value);
    },
  };
}
