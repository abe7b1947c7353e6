import type { Clock } from "op-core";
import type { Middleware, Outcome, ToolCall } from "op-tools";
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
  const note = ({ tool, context }: ToolCall, ended: Outcome, beganAtMs: number): void => {
    const { name, source } = tool;
    const { transport = "none" } = context;
    const { outcome, errorCode } = outcomeOf(ended, context.signal);
    calls.add({ tool: name, source, transport, outcome });
    if (errorCode !== undefined) errors.add({ tool: name, source, transport, code: errorCode });
    const seconds = (clock.monotonic() - beganAtMs) / 1000;
    durations.observe({ tool: name, source, transport }, seconds);
  };
  return {
    metrics: [calls, errors, durations],
    middleware: {
      name: "measure",
      priority,
      around: async (call, next) => {
        const beganAtMs = clock.monotonic();
        try {
          const result = await next(call);
          note(call, { kind: "answered", result }, beganAtMs);
          return result;
        } catch (error) {
          note(call, { kind: "failed", error }, beganAtMs);
          throw error;
        }
      },
    },
  };
}
