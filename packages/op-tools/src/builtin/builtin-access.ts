import type { Clock, JsonObject } from "op-core";
import type { ToolUsage } from "../registry/tool-usage.ts";
import type { ToolCatalogue } from "../search/tool-catalogue.ts";
import type { ToolSearch } from "../search/tool-search.ts";
import type { SourceOptions } from "../sources/tool-source.ts";
import type { Toolbox } from "../toolbox.ts";
import type { ToolContext } from "../tool/tool-context.ts";
import type { ToolResult } from "../tool/tool-result.ts";

/** What the built-in tools work on. */
export interface BuiltinAccess {
  readonly catalogue: Pick<ToolCatalogue, "get">;
  /** Waits for tools that are still to be listed, and says of which sources nothing is known. */
  readonly expected?: Pick<Toolbox, "find" | "missing">;
  readonly search: Pick<ToolSearch, "search">;
  /** Calls any tool by name, through the whole middleware. */
  readonly call: (name: string, args: JsonObject, context: ToolContext) => Promise<ToolResult>;
  readonly usageOf?: (name: string) => ToolUsage;
  /** Sources with their state, known and loaded tools, conflicts, quarantined tools: plain data, without secrets. */
  readonly describeStatus: (options: SourceOptions) => JsonObject | Promise<JsonObject>;
  /** Versions to report, for example `{ "op-mcp": "1.0.0" }`. */
  readonly versions: Readonly<Record<string, string>>;
  /** The folders in which commands are looked for, separated by colons, as in PATH. */
  readonly commandPath: string;
  readonly clock?: Clock;
}
