import type { Metric } from "./metric.ts";

/** The content type of what is rendered. */
export const metricsContentType = "text/plain; version=0.0.4; charset=utf-8";

/** All metrics in Prometheus's text format. */
export function renderMetrics(metrics: readonly Metric[]): string {
  return metrics.map(renderMetric).join("");
}

function renderMetric(metric: Metric): string {
  const { name, help, type } = metric;
  const lines = [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...metric.lines()];
  return `${lines.join("\n")}\n`;
}
