import {
  type CircuitBreaker,
  type Clock,
  createCircuitBreaker,
  DeadlineExceededError,
  isJsonObject,
  isOpError,
} from "op-core";
import { errorMetaKey } from "../tool/error-result.ts";
import type { ToolDescriptor } from "../tool/tool-descriptor.ts";
import type { ToolResult } from "../tool/tool-result.ts";
import type { BreakCircuitConfig } from "./break-circuit-config.ts";
import { defaultPriority, type MiddlewareOptions } from "./default-priority.ts";
import type { Middleware, Next, ToolCall } from "./middleware.ts";
import { perTool } from "./per-tool.ts";

/** What breaking a circuit takes. */
export interface BreakCircuitOptions extends MiddlewareOptions, BreakCircuitConfig {
  readonly clock?: Clock;
}

/** Carries how a call ended through the breaker, which knows failures only as errors. */
class Ending {
  readonly settle: () => ToolResult;
  readonly isFailure: boolean;

  constructor(settle: () => ToolResult, isFailure: boolean) {
    this.settle = settle;
    this.isFailure = isFailure;
  }
}

/**
 * Refuses calls to what keeps failing with `ERR_CIRCUIT_OPEN`, and tries from time to time whether it has recovered.
 *
 * Failing is not answering in time, an unexpected error, and an error or error result that says it may pass by itself.
 * Any other expected error, such as wrong input, says nothing against the tool; nor does a caller who leaves.
 */
export function breakCircuit(options: BreakCircuitOptions): Middleware {
  const open = (what: string) =>
    createCircuitBreaker({
      ...options,
      what,
      countsAsFailure: (error) => error instanceof Ending && error.isFailure,
    });
  const breakerOf = options.by === "tool" ? perTool((tool) => open(nameOf(tool))) : bySource(open);
  return {
    name: "break-circuit",
    priority: options.priority ?? defaultPriority.breakCircuit,
    around: async (call, next) => {
      try {
        return await breakerOf(call.tool).run(() => callThrough(call, next));
      } catch (error) {
        if (error instanceof Ending) return error.settle();
        throw error;
      }
    },
  };
}

function nameOf({ name }: ToolDescriptor): string {
  return `The call of ${JSON.stringify(name)}`;
}

function bySource(
  open: (what: string) => CircuitBreaker,
): (tool: ToolDescriptor) => CircuitBreaker {
  const breakers = new Map<string, CircuitBreaker>();
  return ({ source }) => {
    let breaker = breakers.get(source);
    if (breaker === undefined) {
      breaker = open(`The call to ${JSON.stringify(source)}`);
      breakers.set(source, breaker);
    }
    return breaker;
  };
}

async function callThrough(call: ToolCall, next: Next): Promise<ToolResult> {
  let result: ToolResult;
  try {
    result = await next(call);
  } catch (error) {
    throw new Ending(
      () => {
        throw error;
      },
      speaksAgainst(error, call),
    );
  }
  if (result.isError === true && isRetryable(result)) throw new Ending(() => result, true);
  return result;
}

function speaksAgainst(error: unknown, { context: { signal } }: ToolCall): boolean {
  if (signal.aborted) return signal.reason instanceof DeadlineExceededError;
  return isOpError(error) ? error.retryable : true;
}

function isRetryable({ _meta }: ToolResult): boolean {
  const error = _meta?.[errorMetaKey];
  return isJsonObject(error) && error["retryable"] === true;
}
