import { SeriesTable, type Labels, type Metric, type MetricOptions } from "./metric.ts";

/** Values of a moment, with their labels. */
export type Observe = () => Iterable<readonly [Labels, number]>;

/** Makes a metric whose values are read when somebody looks. */
function createObserved(type: "counter" | "gauge", options: MetricOptions, read: Observe): Metric {
  const { name, help } = options;
  return {
    name,
    help,
    type,
    series: function* () {
      const table = new SeriesTable(options, () => ({ sum: 0 }));
      for (const [labels, value] of read()) table.at(labels).sum += value;
      for (const { labels, value } of table.series()) yield { labels, value: value.sum };
    },
  };
}

/** Makes a metric of what goes up and down, read when somebody looks. */
export function createGauge(options: MetricOptions, read: Observe): Metric {
  return createObserved("gauge", options, read);
}

/** Makes a metric of what somebody else counts, and what only grows, read when somebody looks. */
export function createObservedCounter(options: MetricOptions, read: Observe): Metric {
  return createObserved("counter", options, read);
}
