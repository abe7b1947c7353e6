import { DeadlineExceededError, onAbort, systemClock, type Clock } from "op-core";
import type { ToolResult } from "../tool/tool-result.ts";
import { withLazySignal } from "../tool/derive-context.ts";
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

/** How long calls to one tool may take. */
interface CallLimit {
  readonly ms: number;
  readonly clock?: Clock;
}

/**
 * Aborts a tool's signal when its time is up and rejects with `ERR_TOOL_TIMEOUT` at once, also when the tool ignores its
 * signal. What such a tool answers later goes nowhere.
 */
export function timeout(options: TimeoutOptions): Middleware {
  const { defaultMs, perTool: table, clock, priority = defaultPriority.timeout } = options;
  const limitOf = perTool((tool): CallLimit => ({
    ms: firstMatch(tool, table) ?? defaultMs,
    ...(clock === undefined ? {} : { clock }),
  }));
  return {
    name: "timeout",
    priority,
    around: (call, next) => callWithin(limitOf(call.tool), call, next),
  };
}

async function callWithin(limit: CallLimit, call: ToolCall, next: Next): Promise<ToolResult> {
  const { tool, args, context } = call;
  using deadline = new CallDeadline(tool.name, limit, context.signal);
  const inner = withLazySignal(context, () => deadline.signal);
  // Whichever comes first; what the other says later goes nowhere.
  return await Promise.race([next({ tool, args, context: inner }), deadline.passed]);
}

/** The end of a call's time, or of its caller's patience. Its signal is only made for a tool that looks at it. */
class CallDeadline implements Disposable {
  readonly passed: Promise<never>;
  readonly #timer: Disposable;
  readonly #link: Disposable | undefined;
  #controller: AbortController | undefined;
  #reason: unknown;

  constructor(tool: string, { ms, clock = systemClock }: CallLimit, parent: AbortSignal) {
    const { promise, reject } = Promise.withResolvers<never>();
    // Nobody waits for it any more when the call has ended first.
    promise.catch(() => undefined);
    this.passed = promise;
    this.#timer = clock.startTimer(ms, () => {
      this.#abort(new DeadlineExceededError(`The tool ${JSON.stringify(tool)}`, ms));
      reject(new ToolTimeoutError(tool, ms));
    });
    this.#link = onAbort(parent, (reason) => {
      this.#abort(reason);
      reject(reason);
    });
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#reason !== undefined) this.#controller.abort(this.#reason);
    }
    return this.#controller.signal;
  }

  [Symbol.dispose](): void {
    this.#timer[Symbol.dispose]();
    this.#link?.[Symbol.dispose]();
  }

  #abort(reason: unknown): void {
    this.#reason = reason;
    this.#controller?.abort(reason);
  }
}
