import {
  BreakCircuitConfig,
  CacheResultConfig,
  LimitConcurrencyConfig,
  LimitResultConfig,
  TimeoutConfig,
} from "op-tools/config";
import * as z from "zod";

/** What every call goes through on its way to the tool. */
export const CallsConfig = z
  .strictObject({
    concurrency: LimitConcurrencyConfig.prefault({}),
    cache: CacheResultConfig.prefault({}),
    timeout: TimeoutConfig.prefault({}),
    breaker: BreakCircuitConfig.prefault({}),
    result: LimitResultConfig.prefault({}),
  })
  .meta({ description: "What every call goes through on its way to the tool." });

/** What every call goes through on its way to the tool, parsed and complete. */
export type CallsConfig = z.output<typeof CallsConfig>;
