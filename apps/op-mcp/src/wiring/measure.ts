import type { Clock } from "op-core";
import type { Middleware } from "op-tools";
import { createCallMetrics } from "../metrics/call-metrics.ts";
import type { Metric } from "../metrics/metric.ts";
import { processMetrics } from "../metrics/process-metrics.ts";
import { systemMetrics } from "../metrics/system-metrics.ts";
import { upstreamMetrics } from "../upstreams/upstream-metrics.ts";
import type { System } from "./open-system.ts";

/** What is measured, however it is told. */
export interface Measured {
  /** Measures the calls. */
  readonly middleware: Middleware;
  /** What was measured of calls, and what can be seen of the system and the process at any moment. */
  metricsOf(system: System): readonly Metric[];
}

/** Around all other middleware, so that every call is measured with everything it waited for. */
const measurePriority = 5;

/** Makes what measures. */
export function measure(clock: Clock): Measured {
  const calls = createCallMetrics(clock, measurePriority);
  return {
    middleware: calls.middleware,
    metricsOf: (system) => [
      ...calls.metrics,
      ...systemMetrics(system),
      ...upstreamMetrics(system.upstreams),
      ...system.parts().flatMap(({ metrics }) => metrics?.() ?? []),
      ...processMetrics(),
    ],
  };
}
