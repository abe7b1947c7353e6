import { isOpError, type LogFields } from "op-core";
import type { Middleware, Outcome } from "op-tools";

/** Writes a line at level debug for every call that ended: which tool, how, and the request's id. Never what was said. */
export function logCalls(): Middleware {
  return {
    name: "log",
    priority: 0,
    after: ({ tool, context }, outcome) => {
      context.logger.debug("a call ended", { tool: tool.name, ...describeOutcome(outcome) });
    },
  };
}

function describeOutcome(outcome: Outcome): LogFields {
  if (outcome.kind === "answered") {
    return { outcome: outcome.result.isError === true ? "tool error" : "answered" };
  }
  const { error } = outcome;
  return { outcome: "failed", errorCode: isOpError(error) ? error.code : "unknown" };
}
