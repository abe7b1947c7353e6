/** Schemas of what can be configured: type, default, check and documentation at once. */
export { DisclosureConfig } from "./disclosure/disclosure-config.ts";
export { BreakCircuitConfig } from "./middleware/break-circuit-config.ts";
export { CacheResultConfig } from "./middleware/cache-result-config.ts";
export { LimitConcurrencyConfig } from "./middleware/limit-concurrency-config.ts";
export { LimitRateConfig } from "./middleware/limit-rate-config.ts";
export { LimitResultConfig } from "./middleware/limit-result-config.ts";
export { RequireApprovalConfig } from "./middleware/require-approval-config.ts";
export { TimeoutConfig } from "./middleware/timeout-config.ts";
export { ToolsConfig } from "./tools-config.ts";
