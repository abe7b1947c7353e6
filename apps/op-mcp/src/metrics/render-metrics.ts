import type { Distribution, Labels, Metric, Series } from "./metric.ts";

/** The content type of what is rendered. */
export const metricsContentType = "text/plain; version=0.0.4; charset=utf-8";

/** All metrics in Prometheus's text format. */
export function renderMetrics(metrics: readonly Metric[]): string {
  return metrics.map(renderMetric).join("");
}

function renderMetric(metric: Metric): string {
  const { name, help, type } = metric;
  const lines = [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`];
  if (metric.type === "histogram") {
    for (const series of metric.series()) lines.push(...distributionLines(name, series));
  } else {
    for (const { labels, value } of metric.series()) lines.push(sampleLine(name, labels, value));
  }
  return `${lines.join("\n")}\n`;
}

function* distributionLines(
  name: string,
  { labels, value: { bounds, counts, sum } }: Series<Distribution>,
): Generator<string> {
  let total = 0;
  for (const [index, count] of counts.entries()) {
    total += count;
    const le = index < bounds.length ? String(bounds[index]) : "+Inf";
    yield sampleLine(`${name}_bucket`, { ...labels, le }, total);
  }
  yield sampleLine(`${name}_sum`, labels, sum);
  yield sampleLine(`${name}_count`, labels, total);
}

function sampleLine(name: string, labels: Labels, value: number): string {
  const pairs = Object.entries(labels).map(([key, text]) => `${key}="${escapeLabel(text)}"`);
  return `${pairs.length === 0 ? name : `${name}{${pairs.join(",")}}`} ${formatValue(value)}`;
}

function escapeLabel(value: string): string {
  return value
    .replaceAll("\\", "\\\\")
    .replaceAll('"', String.raw`\"`)
    .replaceAll("\n", String.raw`\n`);
}

function formatValue(value: number): string {
  if (value === Infinity) return "+Inf";
  return value === -Infinity ? "-Inf" : String(value);
}
