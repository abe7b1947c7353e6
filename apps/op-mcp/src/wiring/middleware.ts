import type { Clock } from "op-core";
import {
  breakCircuit,
  cacheResult,
  createJsonSchemaValidator,
  isMetaTool,
  limitConcurrency,
  limitRate,
  limitResult,
  requireApproval,
  restrict,
  timeout,
  validateInput,
  validateOutput,
  type Middleware,
  type ResultStore,
} from "op-tools";
import type { CallsConfig } from "../config/calls-config.ts";
import { logCalls } from "../logging/log-calls.ts";

/** What the middleware of the product is made of. */
export interface MiddlewareParts {
  readonly config: CallsConfig;
  readonly results: ResultStore;
  /** Whether each call is a line of the log; a microsecond that only those pay who want to see it. */
  readonly logsCalls: boolean;
  readonly clock: Clock;
}

/**
 * Everything a call goes through, outermost first. Arguments are checked before anybody is asked to approve them;
 * approval comes before the limits, so that a question waiting for its answer holds no place; a result is cut outside
 * the cache, so that the cache keeps it whole; the deadline is inside the queue, so that waiting does not use it up.
 *
 * A meta tool passes its call on to the real tool, which goes through all of this by itself: it is only checked for
 * its own arguments.
 */
export function createMiddleware({
  config,
  results,
  logsCalls,
  clock,
}: MiddlewareParts): readonly Middleware[] {
  const validator = createJsonSchemaValidator();
  const forRealTools: readonly Middleware[] = [
    requireApproval({ ...config.approval, clock }),
    limitRate({ ...config.rate, clock }),
    limitConcurrency(config.concurrency),
    limitResult({ ...config.result, store: results }),
    cacheResult({ ...config.cache, clock }),
    timeout({ ...config.timeout, clock }),
    breakCircuit({ ...config.breaker, clock }),
    validateOutput({ validator }),
  ];
  return [
    ...(logsCalls ? [logCalls()] : []),
    validateInput({ validator }),
    ...forRealTools.map((middleware) => restrict(middleware, (tool) => !isMetaTool(tool))),
  ];
}
