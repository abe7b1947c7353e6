import { failureCode, type Span } from "op-core";
import { CallSuspendedError, withSpan, type Middleware, type Next, type ToolCall } from "op-tools";

/** What somebody who looks for lost time wants to see by itself; the rest takes microseconds. */
const worthSeeing: ReadonlySet<string> = new Set([
  "audit-begin",
  "authorize-tool",
  "authorize",
  "require-approval",
  "limit-concurrency",
  "cache-result",
]);

/** The innermost of all. */
const toolPriority = 255;

/**
 * The same middleware, of which each that is worth seeing has a span in every call's, from when the call comes to it
 * until it goes on; and the tool, whose span is what happens inside it is a part of.
 */
export function traceCalls(middleware: readonly Middleware[]): readonly Middleware[] {
  return [...middleware.map((one) => (worthSeeing.has(one.name) ? traced(one) : one)), traceTool()];
}

function traceTool(): Middleware {
  return {
    name: "trace-tool",
    priority: toolPriority,
    around: async (call, next) => {
      const { tool, context } = call;
      const attributes = {
        "gen_ai.tool.name": tool.name,
        "op_mcp.source": tool.source,
        "op_mcp.risk": tool.risk,
      };
      const span = context.span?.child(`execute_tool ${tool.name}`, { attributes });
      if (span === undefined) return await next(call);
      try {
        const result = await next({ ...call, context: withSpan(context, span) });
        if (result.isError === true) span.fail("tool_error");
        span.end();
        return result;
      } catch (error) {
        throw ended(span, error);
      }
    },
  };
}

function traced(middleware: Middleware): Middleware {
  const before = middleware.before?.bind(middleware);
  const around = middleware.around?.bind(middleware);
  return {
    ...middleware,
    ...(before === undefined ? {} : { before: tracedBefore(middleware.name, before) }),
    ...(around === undefined ? {} : { around: tracedAround(middleware.name, around) }),
  };
}

type Before = NonNullable<Middleware["before"]>;
type Around = NonNullable<Middleware["around"]>;

function tracedBefore(name: string, before: Before): Before {
  return (call) => {
    const span = call.context.span?.child(name);
    if (span === undefined) return before(call);
    return inPart(span, () => before(call));
  };
}

function inPart(span: Span, work: () => ReturnType<Before>): ReturnType<Before> {
  try {
    const early = work();
    if (!(early instanceof Promise)) {
      span.end();
      return early;
    }
    return early.then(
      (result) => {
        span.end();
        return result;
      },
      (error: unknown) => {
        throw ended(span, error);
      },
    );
  } catch (error) {
    throw ended(span, error);
  }
}

/** Ends a span by an error, and gives the error back. */
function ended(span: Span, error: unknown): unknown {
  // A question to the person is no failure.
  if (!(error instanceof CallSuspendedError)) span.fail(failureCode(error));
  span.end();
  return error;
}

/** The span ends when the call goes on, so that it is the middleware's own time. */
function tracedAround(name: string, around: Around): Around {
  return async (call: ToolCall, next: Next) => {
    const span = call.context.span?.child(name);
    if (span === undefined) return await around(call, next);
    let goesOn = false;
    const goOn: Next = (changed) => {
      goesOn = true;
      span.end();
      return next(changed);
    };
    try {
      const result = await around(call, goOn);
      if (!goesOn) {
        span.set({ "op_mcp.answered": true });
        span.end();
      }
      return result;
    } catch (error) {
      throw goesOn ? error : ended(span, error);
    }
  };
}
