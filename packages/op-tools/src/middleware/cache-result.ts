import { LRUCache } from "lru-cache";
import { canonicalJson, type Clock, systemClock } from "op-core";
import type { ToolDescriptor } from "../tool/tool-descriptor.ts";
import type { ToolResult } from "../tool/tool-result.ts";
import type { CacheResultConfig } from "./cache-result-config.ts";
import { defaultPriority, type MiddlewareOptions } from "./default-priority.ts";
import { expireAfter } from "./expiry.ts";
import type { Middleware, ToolCall } from "./middleware.ts";
import { matchesPattern } from "../names/tool-pattern.ts";

/** What caching results takes. */
export interface CacheResultOptions extends MiddlewareOptions, CacheResultConfig {
  readonly clock?: Clock;
}

/** The cache, and what it was good for. */
export interface ResultCache extends Middleware {
  readonly entries: number;
  readonly bytes: number;
  /** Calls that were answered from it, since the start. */
  readonly hits: number;
  /** Calls that could have been. */
  readonly misses: number;
}

/**
 * Gives the same caller the same answer to the same call for a while, where calling again changes nothing: tools that
 * are read-only and idempotent by their own word, and tools that are listed. Errors and error results are never kept.
 */
export function cacheResult(options: CacheResultOptions): ResultCache {
  const { ttlMs, tools, maxEntries, maxBytes, clock = systemClock } = options;
  const results = new LRUCache<string, ToolResult>({
    max: maxEntries,
    maxSize: maxBytes,
    ...expireAfter(ttlMs, clock),
  });
  let hits = 0;
  let misses = 0;
  return {
    name: "cache-result",
    get entries() {
      return results.size;
    },
    get bytes() {
      return results.calculatedSize;
    },
    get hits() {
      return hits;
    },
    get misses() {
      return misses;
    },
    priority: options.priority ?? defaultPriority.cacheResult,
    appliesTo: (tool) =>
      isRepeatable(tool) || tools.some((pattern) => matchesPattern(tool, pattern)),
    around: async (call, next) => {
      const key = keyOf(call);
      const known = results.get(key);
      if (known !== undefined) {
        hits += 1;
        return known;
      }
      misses += 1;
      const result = await next(call);
      if (result.isError !== true) results.set(key, result, { size: sizeOf(key, result) });
      return result;
    },
  };
}

function isRepeatable({ annotations }: ToolDescriptor): boolean {
  return annotations.readOnlyHint === true && annotations.idempotentHint === true;
}

/** Also the key of a call that was approved: no two callers, tools or arguments share one. */
export function keyOf({ tool, args, context }: ToolCall): string {
  return canonicalJson([context.principal.id, tool.source, tool.name, args]);
}

/** Characters take one or two bytes in memory; two is on the safe side. */
function sizeOf(key: string, result: ToolResult): number {
  return 2 * (key.length + JSON.stringify(result).length);
}
