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
  { catalogue, search }: Pick<BuiltinAccess, "catalogue" | "search">,
  { narrowedTo, signal }: Pick<ToolContext, "narrowedTo" | "signal">,
): Promise<ToolDescriptor> {
  const tool = catalogue.get(name);
  const isVisible = tool !== undefined && (isMetaTool(tool) || (narrowedTo?.(tool) ?? true));
  if (isVisible) return tool;
  const request = { query: name, limit: mostSuggestions, context: narrowedTo };
  const { hits } = await search.search(request, { signal });
  throw new ToolNotFoundError(name, { nearest: hits.map((hit) => hit.name) });
}
