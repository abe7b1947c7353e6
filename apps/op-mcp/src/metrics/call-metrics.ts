import type { Clock } from "op-core";
import type { Middleware } from "op-tools";
import { outcomeOf } from "../audit/outcome-of.ts";
import { createCounter } from "./counter.ts";
import { callSeconds, createHistogram } from "./histogram.ts";
import type { Metric } from "./metric.ts";

/** The metrics of calls, and the middleware that measures them. */
export interface CallMetrics {
  readonly metrics: readonly Metric[];
  readonly middleware: Middleware;
}

/** Measures calls by tool, source and outcome. What callers choose freely is no label. */
export function createCallMetrics(clock: Clock, priority: number): CallMetrics {
  const calls = createCounter({
    name: "op_mcp_calls_total",
    help: "Calls that ended, by tool, source, transport and outcome.",
    labelNames: ["tool", "source", "transport", "outcome"],
    maxSeries: 2000,
  });
  const errors = createCounter({
    name: "op_mcp_call_errors_total",
    help: "Calls that did not work, by tool, source, transport and the code of their error.",
    labelNames: ["tool", "source", "transport", "code"],
    maxSeries: 2000,
  });
  const durations = createHistogram(
    {
      name: "op_mcp_call_duration_seconds",
      help: "How long calls took by tool, source and transport, the waiting for approval and for a turn included.",
      labelNames: ["tool", "source", "transport"],
      maxSeries: 300,
    },
    callSeconds,
  );
  const began = new WeakMap<object, number>();
  return {
    metrics: [calls, errors, durations],
    middleware: {
      name: "measure",
      priority,
      before: (call) => {
        began.set(call.context, clock.monotonic());
        return undefined;
      },
      after: ({ tool, context }, ended) => {
        const { name, source } = tool;
        const { transport = "none" } = context;
        const { outcome, errorCode } = outcomeOf(ended, context.signal);
        calls.add({ tool: name, source, transport, outcome });
        if (errorCode !== undefined) errors.add({ tool: name, source, transport, code: errorCode });
        const since = began.get(context) ?? clock.monotonic();
        durations.observe({ tool: name, source, transport }, (clock.monotonic() - since) / 1000);
      },
    },
  };
}
