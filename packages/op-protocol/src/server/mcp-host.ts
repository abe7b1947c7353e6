import type { Icon, Principal, PromptSource, ResourceSource, ToolView } from "op-tools";

/** How the server introduces itself. */
export interface ServerInfo {
  readonly name: string;
  readonly version: string;
  readonly title?: string;
  readonly description?: string;
  readonly websiteUrl?: string;
  readonly icons?: readonly Icon[];
}

/** Everything that is served. Shared by all connections; nothing in it is built per request. */
export interface McpHost {
  readonly info: ServerInfo;
  /** Tells a model when and how to use the server; short, it is part of every conversation. */
  readonly instructions?: string;
  readonly tools: ToolView;
  /** What of them a principal is shown, where that depends on who asks; all of them unless told. */
  readonly toolsFor?: (principal: Principal) => ToolView;
  /** Whether every tool is known by now, so that a client may keep the list for a while; always unless told. */
  readonly areToolsKnown?: () => boolean;
  readonly resources: readonly ResourceSource[];
  readonly prompts: readonly PromptSource[];
}
