import { createSemaphore, type Semaphore } from "op-core";
import { defaultPriority, type MiddlewareOptions } from "./default-priority.ts";
import type { LimitConcurrencyConfig } from "./limit-concurrency-config.ts";
import type { Middleware, ToolCall } from "./middleware.ts";
import { perTool } from "./per-tool.ts";

/** What limiting concurrency takes. */
export interface LimitConcurrencyOptions extends MiddlewareOptions, LimitConcurrencyConfig {}

/** The limit, and how full it is. */
export interface ConcurrencyLimit extends Middleware {
  /** Calls that have their turn. */
  readonly running: number;
  /** Calls that wait for theirs. */
  readonly waiting: number;
}

/**
 * Lets a bounded number of calls run at the same time, per tool and in all; the others wait in the order they came.
 * Rejects with `ERR_QUEUE_FULL` when too many wait, and with the signal's reason when the caller leaves the queue.
 *
 * A tool that calls others through the same chain must be left out, or its calls could all wait for each other.
 */
export function limitConcurrency(options: LimitConcurrencyOptions): ConcurrencyLimit {
  const {
    maxCalls,
    maxCallsPerTool,
    maxQueue,
    priority = defaultPriority.limitConcurrency,
  } = options;
  const all = createSemaphore({ permits: maxCalls, maxQueue, what: "The call" });
  const semaphoreOf = perTool((tool) =>
    createSemaphore({
      permits: maxCallsPerTool,
      maxQueue,
      what: `The call of ${JSON.stringify(tool.name)}`,
    }),
  );
  let waiting = 0;
  const wait = async (permit: Promise<Disposable>): Promise<Disposable> => {
    waiting += 1;
    try {
      return await permit;
    } finally {
      waiting -= 1;
    }
  };
  return {
    name: "limit-concurrency",
    priority,
    get running() {
      return maxCalls - all.available;
    },
    get waiting() {
      return waiting;
    },
    around: async (call, next) => {
      // The tool's own turn comes first: whoever waits for a busy tool must not hold a place that others could use.
      const own = turn(semaphoreOf(call.tool), call);
      using _own = own instanceof Promise ? await wait(own) : own;
      const shared = turn(all, call);
      using _shared = shared instanceof Promise ? await wait(shared) : shared;
      return await next(call);
    },
  };
}

/** A promise is only made for those who have to wait. */
function turn(semaphore: Semaphore, { context }: ToolCall): Disposable | Promise<Disposable> {
  return semaphore.tryAcquire() ?? semaphore.acquire({ signal: context.signal });
}
