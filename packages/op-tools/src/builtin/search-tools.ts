import * as z from "zod";
import { toOneLine } from "../search/plain-text.ts";
import type { ToolHit, ToolSearchResult } from "../search/tool-search.ts";
import { defineTool } from "../tool/define-tool.ts";
import { risks } from "../tool/risk.ts";
import { textResult } from "../tool/tool-result.ts";
import type { Tool } from "../tool/tool.ts";
import type { BuiltinAccess } from "./builtin-access.ts";
import { builtinHeader } from "./builtin-header.ts";

/** How much of a description a line shows. */
const lineLength = 160;
/** An overview shows so many groups. */
const mostGroups = 40;

const input = z.strictObject({
  query: z
    .string()
    .max(1000)
    .meta({ description: "What the tool should do, for example: why did nginx fail" }),
  limit: z.int().min(1).max(50).default(8).meta({ description: "Show at most so many." }),
  source: z.string().optional().meta({ description: "Only tools of this source." }),
  category: z.string().optional().meta({ description: "Only tools of this category." }),
  risk: z.enum(risks).optional().meta({ description: "Only tools of this risk." }),
});

/** Makes the tool that finds other tools. Its answer has one line a tool, to cost a model few tokens. */
export function createSearchTools({ search }: Pick<BuiltinAccess, "search">): Tool {
  return defineTool({
    ...builtinHeader("search_tools"),
    input,
    call: async (request, { signal, narrowedTo }) => {
      const found = await search.search({ ...request, context: narrowedTo }, { signal });
      return textResult(toText(found, request.query));
    },
  });
}

function toText(found: ToolSearchResult, query: string): string {
  if (found.overview !== undefined) return toOverview(found, found.overview);
  if (found.hits.length === 0) {
    return `No tool matches ${JSON.stringify(toOneLine(query, lineLength))}. Try other words or fewer filters; an empty query shows where tools are.`;
  }
  return [
    `Showing ${found.hits.length} of ${found.total}, best first:`,
    ...found.hits.map(toLine),
    "",
    "describe_tool shows a tool's arguments. Call it by its name, or with call_tool {name, arguments}; tools of risk read also with call_tool_readonly. call_many and call_many_readonly call several at once.",
  ].join("\n");
}

function toLine({ descriptor }: ToolHit): string {
  const { name, risk, description } = descriptor;
  return `- ${name} [${risk}]: ${toOneLine(description, lineLength)}`;
}

function toOverview(
  { total }: ToolSearchResult,
  groups: NonNullable<ToolSearchResult["overview"]>,
): string {
  const shown = groups.slice(0, mostGroups);
  return [
    `${total} tools. Showing ${shown.length} of ${groups.length} groups, as source / category: tools:`,
    ...shown.map(
      ({ source, category, count }) =>
        `- ${toOneLine(source, lineLength)} / ${toOneLine(category, lineLength)}: ${count}`,
    ),
    "",
    "Search in plain language for what should be done, and narrow it by source or category.",
  ].join("\n");
}
