import { ValueType, type HrTime } from "@opentelemetry/api";
import {
  AggregationTemporality,
  DataPointType,
  type CollectionResult,
  type DataPoint,
  type MetricData,
  type MetricProducer,
} from "@opentelemetry/sdk-metrics";
import type { Resource } from "@opentelemetry/resources";
import type { Clock } from "op-core";
import type { Distribution, Metric, Series } from "../../metrics/metric.ts";

/** What producing takes. */
export interface MetricProducerOptions {
  readonly metrics: () => readonly Metric[];
  readonly resource: Resource;
  readonly version: string;
  readonly clock: Clock;
}

/** Gives OpenTelemetry the very metrics that Prometheus reads at `/metrics`, by the same names. */
export function createMetricProducer(options: MetricProducerOptions): MetricProducer {
  const { metrics, resource, version, clock } = options;
  const startTime = toHrTime(clock.now());
  return {
    collect: () => {
      const times = { startTime, endTime: toHrTime(clock.now()) };
      const data = metrics().map((metric) => toMetricData(metric, times));
      const scopeMetrics = [{ scope: { name: "op-mcp", version }, metrics: data }];
      return Promise.resolve<CollectionResult>({
        resourceMetrics: { resource, scopeMetrics },
        errors: [],
      });
    },
  };
}

interface Times {
  readonly startTime: HrTime;
  readonly endTime: HrTime;
}

function toHrTime(ms: number): HrTime {
  return [Math.trunc(ms / 1000), Math.round((ms % 1000) * 1e6)];
}

function toMetricData(metric: Metric, times: Times): MetricData {
  const { name, help: description } = metric;
  const descriptor = { name, description, unit: unitOf(name), valueType: ValueType.DOUBLE };
  const common = { descriptor, aggregationTemporality: AggregationTemporality.CUMULATIVE };
  const points = <Value, Told>(
    series: Iterable<Series<Value>>,
    tell: (value: Value) => Told,
  ): DataPoint<Told>[] =>
    Array.from(series, ({ labels, value }) => ({
      ...times,
      attributes: { ...labels },
      value: tell(value),
    }));
  if (metric.type === "histogram") {
    const dataPoints = points(metric.series(), toHistogram);
    return { ...common, dataPointType: DataPointType.HISTOGRAM, dataPoints };
  }
  const dataPoints = points(metric.series(), (value) => value);
  return metric.type === "counter"
    ? { ...common, dataPointType: DataPointType.SUM, isMonotonic: true, dataPoints }
    : { ...common, dataPointType: DataPointType.GAUGE, dataPoints };
}

function toHistogram({ bounds, counts, sum }: Distribution) {
  const count = counts.reduce((total, one) => total + one, 0);
  return { buckets: { boundaries: [...bounds], counts: [...counts] }, sum, count };
}

function unitOf(name: string): string {
  const base = name.replace(/_total$/u, "");
  if (base.endsWith("_seconds")) return "s";
  return base.endsWith("_bytes") ? "By" : "1";
}
