import { abortable, startDeadline, type Clock, type DeadlineOptions } from "op-core";
import type { ToolResult } from "../tool/tool-result.ts";
import { withSignal } from "../tool/derive-context.ts";
import { defaultPriority, type MiddlewareOptions } from "./default-priority.ts";
import { ToolTimeoutError } from "./middleware-error.ts";
import type { Middleware, Next, ToolCall } from "./middleware.ts";
import { perTool } from "./per-tool.ts";
import type { TimeoutConfig } from "./timeout-config.ts";
import { firstMatch } from "../names/tool-pattern.ts";

/** What the timeout takes. */
export interface TimeoutOptions extends MiddlewareOptions, TimeoutConfig {
  readonly clock?: Clock;
}

/**
 * Aborts a tool's signal when its time is up and rejects with `ERR_TOOL_TIMEOUT` at once, also when the tool ignores its
 * signal. What such a tool answers later goes nowhere.
 */
export function timeout(options: TimeoutOptions): Middleware {
  const { defaultMs, perTool: table, clock, priority = defaultPriority.timeout } = options;
  const deadlineOf = perTool((tool): Omit<DeadlineOptions, "signal"> => ({
    what: `The tool ${JSON.stringify(tool.name)}`,
    ms: firstMatch(tool, table) ?? defaultMs,
    ...(clock === undefined ? {} : { clock }),
  }));
  return {
    name: "timeout",
    priority,
    around: (call, next) => callWithin(deadlineOf(call.tool), call, next),
  };
}

async function callWithin(
  limit: Omit<DeadlineOptions, "signal">,
  call: ToolCall,
  next: Next,
): Promise<ToolResult> {
  const { tool, args, context } = call;
  using deadline = startDeadline({ ...limit, signal: context.signal });
  try {
    const inner = withSignal(context, deadline.signal);
    return await abortable(next({ tool, args, context: inner }), deadline.signal);
  } catch (error) {
    const isTimeout = deadline.signal.aborted && !context.signal.aborted;
    throw isTimeout ? new ToolTimeoutError(tool.name, limit.ms) : error;
  }
}
