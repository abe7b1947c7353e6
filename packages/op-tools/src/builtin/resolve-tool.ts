import { ToolNotFoundError } from "../tool-error.ts";
import type { ToolContext } from "../tool/tool-context.ts";
import type { ToolDescriptor } from "../tool/tool-descriptor.ts";
import type { BuiltinAccess } from "./builtin-access.ts";
import { isMetaTool } from "./builtin-descriptors.ts";

const mostSuggestions = 3;

/**
 * Finds the tool a caller means. One outside of what the caller is narrowed to is as unknown as one that does not exist:
 * both reject with `ERR_TOOL_NOT_FOUND`, which names tools that the caller may have meant.
 */
export async function resolveTool(
  name: string,
  { catalogue, expected, search }: Pick<BuiltinAccess, "catalogue" | "expected" | "search">,
  { narrowedTo, signal }: Pick<ToolContext, "narrowedTo" | "signal">,
): Promise<ToolDescriptor> {
  const tool = catalogue.get(name) ?? (await expected?.find(name, { signal }));
  const isVisible = tool !== undefined && (isMetaTool(tool) || (narrowedTo?.(tool) ?? true));
  if (isVisible) return tool;
  const request = { query: name, limit: mostSuggestions, context: narrowedTo };
  const { hits } = await search.search(request, { signal });
  // Who may see only some is not told what else there may be.
  const missing = narrowedTo === undefined ? expected?.missing(name) : undefined;
  const nearest = hits.map((hit) => hit.name);
  throw new ToolNotFoundError(name, { nearest, ...(missing === undefined ? {} : { missing }) });
}
