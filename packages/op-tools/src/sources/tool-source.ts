import type { ToolDescriptor } from "../tool/tool-descriptor.ts";
import type { Tool } from "../tool/tool.ts";

/** What every listing and loading call takes. */
export interface SourceOptions {
  readonly signal: AbortSignal;
}

/** What happened to a source's tools. */
export type ToolSourceChange =
  | { readonly kind: "tool-added"; readonly descriptor: ToolDescriptor }
  | { readonly kind: "tool-changed"; readonly descriptor: ToolDescriptor }
  | { readonly kind: "tool-removed"; readonly name: string }
  /** Too much changed to tell one by one: list again. */
  | { readonly kind: "source-reset" };

/**
 * The seam of the product: everything that offers tools is one of these, whether a bus, agents, state plugins or
 * another MCP server.
 *
 * `list` names every tool once, in any order, and starts nothing. `load` makes one callable; an unknown name rejects
 * with `ERR_TOOL_NOT_FOUND`. `changes` runs until its signal aborts. Disposing releases everything the source opened.
 */
export interface ToolSource extends AsyncDisposable {
  readonly name: string;
  /** What the names of all its tools begin with, where they do: what begins otherwise is not expected of it. */
  readonly prefix?: string | undefined;
  list(options: SourceOptions): AsyncIterable<ToolDescriptor>;
  load(name: string, options: SourceOptions): Promise<Tool>;
  changes?(options: SourceOptions): AsyncIterable<ToolSourceChange>;
  /** What the list was made of (a version, a file's digest): an equal fingerprint means an equal list. */
  fingerprint?(options: SourceOptions): Promise<string>;
}
