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
    timeout: TimeoutConfig.prefault({}).meta({
      description:
        "How long tools may take; but not those of agents, whose tasks have deadlines of their own (see `agents`), and not those of other MCP servers.",
    }),
    breaker: BreakCircuitConfig.prefault({}),
    result: LimitResultConfig.prefault({}),
  })
  .meta({ description: "What every call goes through on its way to the tool." });

/** What every call goes through on its way to the tool, parsed and complete. */
export type CallsConfig = z.output<typeof CallsConfig>;
