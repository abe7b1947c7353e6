import { systemClock, type Clock } from "op-core";
import { LRUCache } from "lru-cache";
import { defaultPriority, type MiddlewareOptions } from "./default-priority.ts";
import type { LimitRateConfig } from "./limit-rate-config.ts";
import { RateLimitedError } from "./middleware-error.ts";
import type { Middleware } from "./middleware.ts";
import { TokenBucket, type BucketRate } from "./token-bucket.ts";

/** What limiting the rate takes. */
export interface LimitRateOptions extends MiddlewareOptions, LimitRateConfig {
  readonly clock?: Clock;
}

/**
 * Refuses calls of whoever calls too often, all tools together or one tool, with `ERR_RATE_LIMITED` that says when to
 * come back. A refused call uses nothing up.
 */
export function limitRate(options: LimitRateOptions): Middleware {
  const { perPrincipal, perTool, maxBuckets, clock = systemClock } = options;
  const buckets = new LRUCache<string, TokenBucket>({ max: maxBuckets });
  const bucketOf = (key: string, rate: BucketRate, nowMs: number) => {
    let bucket = buckets.get(key);
    if (bucket === undefined) {
      bucket = new TokenBucket(rate, nowMs);
      buckets.set(key, bucket);
    }
    return bucket;
  };
  return {
    name: "limit-rate",
    priority: options.priority ?? defaultPriority.limitRate,
    before: ({ tool, context }) => {
      const nowMs = clock.monotonic();
      const { id } = context.principal;
      const own = bucketOf(id, perPrincipal, nowMs);
      const ofTool = bucketOf(`${id}\0${tool.source}\0${tool.name}`, perTool, nowMs);
      const waitMs = own.waitMs(nowMs);
      if (waitMs > 0) throw new RateLimitedError("were made", waitMs);
      const toolWaitMs = ofTool.waitMs(nowMs);
      if (toolWaitMs > 0) {
        throw new RateLimitedError(`of ${JSON.stringify(tool.name)} were made`, toolWaitMs);
      }
      own.take();
      ofTool.take();
      return undefined;
    },
  };
}
