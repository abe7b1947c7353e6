/**
 * Any number of MCP servers as sources of tools, resources and prompts: started when they are needed, passed on
 * unchanged, and kept from hurting each other.
 */
export {
  UpstreamCallLostError,
  UpstreamConfigError,
  UpstreamToolHeldError,
} from "./aggregator-error.ts";
export {
  openAggregator,
  type Aggregator,
  type AggregatorOptions,
  type UpstreamSources,
  type UpstreamStatus,
} from "./open-aggregator.ts";
export { diffDefinitions, type DefinitionChange } from "./pins/diff-definitions.ts";
export {
  createFilePinStore,
  createMemoryPinStore,
  definitionHash,
  type Definitions,
  type PinStore,
} from "./pins/pin-store.ts";
export type { HeldTool } from "./tools/tool-listing.ts";
export type { ToolRule, UpstreamConfig, UpstreamTransport } from "./upstreams/upstream-config.ts";
export type { UpstreamHealth } from "./upstreams/upstream.ts";
