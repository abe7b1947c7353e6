import type { ToolDescriptor } from "../tool/tool-descriptor.ts";
import type { ToolResult } from "../tool/tool-result.ts";
import { MiddlewarePriorityError } from "./middleware-error.ts";
import type { Middleware, Next, Outcome, ToolCall } from "./middleware.ts";

const greatestPriority = 255;

/**
 * Builds the way of every call to one tool: the middleware that applies to it, outermost first, around `callTool`.
 *
 * A middleware's `after` runs for each call that reached it, also when its own `before` answered or failed; what is
 * further in is then never reached. An error of `after` is logged and changes nothing. The returned function rejects
 * and never throws. Throws `ERR_MIDDLEWARE_PRIORITY` for a priority that is not an integer from 0 to 255.
 */
export function compileChain(
  middleware: readonly Middleware[],
  tool: ToolDescriptor,
  callTool: Next,
): Next {
  for (const { name, priority } of middleware) {
    if (!isPriority(priority)) throw new MiddlewarePriorityError(name, priority);
  }
  return middleware
    .toSorted((a, b) => a.priority - b.priority)
    .filter((one) => one.appliesTo?.(tool) ?? true)
    .reduceRight(wrap, rejecting(callTool));
}

function isPriority(priority: number): boolean {
  return Number.isInteger(priority) && priority >= 0 && priority <= greatestPriority;
}

/** Only the hooks that exist become a step, so that an absent one costs a call nothing. */
function wrap(next: Next, middleware: Middleware): Next {
  const around = middleware.around?.bind(middleware);
  const before = middleware.before?.bind(middleware);
  const after = middleware.after?.bind(middleware);
  let step = next;
  if (around !== undefined) step = rejecting((call) => around(call, next));
  if (before !== undefined) step = withBefore(before, step);
  if (after !== undefined) step = withAfter(middleware.name, after, step);
  return step;
}

/** Turns a synchronous throw into a rejection without the promise that an `async` function would add. */
function rejecting(next: Next): Next {
  return (call) => {
    try {
      return next(call);
    } catch (error) {
      return Promise.reject(error);
    }
  };
}

function withBefore(before: NonNullable<Middleware["before"]>, inner: Next): Next {
  return rejecting((call) => {
    const early = before(call);
    if (early === undefined) return inner(call);
    if (early instanceof Promise) return early.then((result) => result ?? inner(call));
    return Promise.resolve(early);
  });
}

function withAfter(name: string, after: NonNullable<Middleware["after"]>, next: Next): Next {
  return async (call) => {
    let result: ToolResult;
    try {
      result = await next(call);
    } catch (error) {
      const watching = watch(name, after, call, { kind: "failed", error });
      if (watching !== undefined) await watching;
      throw error;
    }
    const watching = watch(name, after, call, { kind: "answered", result });
    if (watching !== undefined) await watching;
    return result;
  };
}

/** Nothing where there is nothing to wait for; never rejects. */
function watch(
  name: string,
  after: NonNullable<Middleware["after"]>,
  call: ToolCall,
  outcome: Outcome,
): Promise<void> | undefined {
  const fail = (error: unknown): void => {
    call.context.logger.error("a middleware failed after the call", {
      middleware: name,
      tool: call.tool.name,
      requestId: call.context.requestId,
      error,
    });
  };
  try {
    const watching = after(call, outcome);
    return watching === undefined ? undefined : watching.catch(fail);
  } catch (error) {
    fail(error);
    return undefined;
  }
}
