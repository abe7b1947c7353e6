/**
 * What a tool is, and everything between a tool and whoever calls it: sources, registry, lazy loading, middleware,
 * discovery and search. It knows nothing of MCP's wire and starts no process.
 *
 * What needs zod is beside this entry, so that a server starts without it: `op-tools/define` and `op-tools/config`.
 */
export type { BuiltinAccess } from "./builtin/builtin-access.ts";
export {
  builtinDescriptors,
  builtinSourceName,
  isBuiltinName,
  isMetaTool,
  metaToolNames,
  type BuiltinName,
} from "./builtin/builtin-descriptors.ts";
export { MetaToolNestedError, ToolNotReadOnlyError } from "./builtin/builtin-error.ts";
export { createBuiltinSource } from "./builtin/builtin-source.ts";
export { createToolView, type ToolViewOptions } from "./disclosure/create-tool-view.ts";
export {
  createToolFilter,
  type ToolFacets,
  type ToolFilter,
  type ToolFilterOptions,
} from "./disclosure/tool-filter.ts";
export type { ToolView } from "./disclosure/tool-view.ts";
export { openDiscovery, type Discovery, type DiscoveryOptions } from "./discovery/discovery.ts";
export type { NameConflict } from "./discovery/public-names.ts";
export type {
  MissingTools,
  QuarantinedTool,
  SourceState,
  SourceStatus,
} from "./discovery/source-status.ts";
export {
  createLazyTools,
  type LazyTools,
  type LazyToolsOptions,
  type LazyToolsStatistics,
  type ToolUse,
} from "./lazy/lazy-tools.ts";
export { breakCircuit, type BreakCircuitOptions } from "./middleware/break-circuit.ts";
export {
  cacheResult,
  type CacheResultOptions,
  type ResultCache,
} from "./middleware/cache-result.ts";
export { compileChain } from "./middleware/chain.ts";
export { defaultPriority, type MiddlewareOptions } from "./middleware/default-priority.ts";
export {
  limitConcurrency,
  type ConcurrencyLimit,
  type LimitConcurrencyOptions,
} from "./middleware/limit-concurrency.ts";
export { limitRate, type LimitRateOptions } from "./middleware/limit-rate.ts";
export { limitResult, type LimitResultOptions } from "./middleware/limit-result.ts";
export {
  ApprovalDeclinedError,
  ApprovalUnavailableError,
  MiddlewarePriorityError,
  RateLimitedError,
  ToolOutputInvalidError,
  ToolQuarantinedError,
  ToolTimeoutError,
} from "./middleware/middleware-error.ts";
export type {
  CallInspector,
  Middleware,
  Next,
  Outcome,
  ToolCall,
} from "./middleware/middleware.ts";
export { approvalQuestion } from "./middleware/approval-question.ts";
export type { PendingApproval } from "./middleware/pending-approval.ts";
export {
  requireApproval,
  type ApprovalDemand,
  type RequireApprovalOptions,
} from "./middleware/require-approval.ts";
export { restrict } from "./middleware/restrict.ts";
export {
  createResultSource,
  createResultStore,
  type ResultPage,
  type ResultStore,
  type ResultStoreOptions,
} from "./middleware/result-store.ts";
export { timeout, type TimeoutOptions } from "./middleware/timeout.ts";
export { TokenBucket, type BucketRate } from "./middleware/token-bucket.ts";
export { validateInput, type ValidateOptions } from "./middleware/validate-input.ts";
export { validateOutput } from "./middleware/validate-output.ts";
export {
  isToolName,
  parseToolName,
  toDistinctToolName,
  toToolName,
  type ToolName,
} from "./names/tool-name.ts";
export type { RegistryEvent } from "./registry/registry-event.ts";
export {
  createToolRegistry,
  type ToolFactory,
  type ToolPack,
  type ToolRegistration,
  type ToolRegistry,
} from "./registry/tool-registry.ts";
export type { FinishedCall, ToolUsage } from "./registry/tool-usage.ts";
export type { SchemaViolation } from "./schema/describe-violations.ts";
export { inputErrorResult, type InputDescription } from "./schema/input-error-result.ts";
export {
  createJsonSchemaValidator,
  type JsonSchemaValidator,
  type JsonSchemaValidatorOptions,
} from "./schema/json-schema-validator.ts";
export { SchemaRefusedError, ToolInputInvalidError } from "./schema/schema-error.ts";
export { toOneLine, toPlainJson, toPlainText } from "./search/plain-text.ts";
export type { ToolCatalogue } from "./search/tool-catalogue.ts";
export {
  createToolSearch,
  type ToolGroup,
  type ToolHit,
  type ToolSearch,
  type ToolSearchOptions,
  type ToolSearchRequest,
  type ToolSearchResult,
} from "./search/tool-search.ts";
export { createMemorySource, type MemorySource } from "./sources/memory-source.ts";
export type {
  PromptArgument,
  PromptDescriptor,
  PromptResult,
  PromptSource,
} from "./sources/prompt-source.ts";
export type {
  Completion,
  CompletionRequest,
  ReadOptions,
  ReadResult,
  ResourceDescriptor,
  ResourceSource,
  ResourceSourceChange,
  ResourceTemplateDescriptor,
} from "./sources/resource-source.ts";
export type { SourceOptions, ToolSource, ToolSourceChange } from "./sources/tool-source.ts";
export {
  AskUnavailableError,
  CallSuspendedError,
  InvalidToolNameError,
  ManifestClosedError,
  PromptNotFoundError,
  ResourceNotFoundError,
  SourceExistsError,
  ToolboxClosedError,
  ToolExistsError,
  ToolNotFoundError,
} from "./tool-error.ts";
export { annotationsFor } from "./tool/annotations-for.ts";
export type { Answer, Ask, Question } from "./tool/ask.ts";
export type { CallEffect } from "./tool/call-effect.ts";
export { withNarrowing, withSignal, withSpan } from "./tool/derive-context.ts";
export { errorMetaKey, errorResult, visibleFields } from "./tool/error-result.ts";
export { risks, type Risk } from "./tool/risk.ts";
export type {
  ClientLabel,
  ClientLogLevel,
  ClientSession,
  Principal,
  ProgressUpdate,
  ToolContext,
} from "./tool/tool-context.ts";
export type {
  Icon,
  ObjectSchema,
  ToolAnnotations,
  ToolDescriptor,
  WrittenForm,
} from "./tool/tool-descriptor.ts";
export {
  dataResult,
  hasKnownForm,
  textResult,
  type ContentAnnotations,
  type ContentBlock,
  type ResourceContents,
  type ToolResult,
} from "./tool/tool-result.ts";
export { ToolSchemaError } from "./tool/tool-schema-error.ts";
export type { Tool } from "./tool/tool.ts";
export { withSource } from "./tool/with-source.ts";
export { openToolbox, type Toolbox, type ToolboxOptions, type ToolboxStatus } from "./toolbox.ts";
