/**
 * What a tool is, and everything between a tool and whoever calls it: sources, registry, lazy loading, middleware,
 * discovery and search. It knows nothing of MCP's wire and starts no process.
 */
export { createToolView, type ToolViewOptions } from "./disclosure/create-tool-view.ts";
export { DisclosureConfig } from "./disclosure/disclosure-config.ts";
export {
  createToolFilter,
  type ToolFacets,
  type ToolFilter,
  type ToolFilterOptions,
} from "./disclosure/tool-filter.ts";
export type { ToolView } from "./disclosure/tool-view.ts";
export type { Middleware, Next, Outcome, ToolCall } from "./middleware/middleware.ts";
export { toOneLine, toPlainText } from "./search/plain-text.ts";
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
  ResourceDescriptor,
  ResourceSource,
  ResourceSourceChange,
  ResourceTemplateDescriptor,
} from "./sources/resource-source.ts";
export type { SourceOptions, ToolSource, ToolSourceChange } from "./sources/tool-source.ts";
export {
  AskUnavailableError,
  CallSuspendedError,
  PromptNotFoundError,
  ResourceNotFoundError,
  ToolNotFoundError,
} from "./tool-error.ts";
export type { Answer, Ask, Question } from "./tool/ask.ts";
export { risks, type Risk } from "./tool/risk.ts";
export type {
  ClientLabel,
  ClientLogLevel,
  Principal,
  ProgressUpdate,
  ToolContext,
} from "./tool/tool-context.ts";
export type {
  Icon,
  ObjectSchema,
  ToolAnnotations,
  ToolDescriptor,
} from "./tool/tool-descriptor.ts";
export {
  dataResult,
  textResult,
  type ContentAnnotations,
  type ContentBlock,
  type ResourceContents,
  type ToolResult,
} from "./tool/tool-result.ts";
export type { Tool } from "./tool/tool.ts";
