import type { JsonObject } from "op-core";
import * as z from "zod";
import type { ToolUsage } from "../registry/tool-usage.ts";
import { toPlainJson } from "../search/plain-text.ts";
import { defineTool } from "../tool/define-tool.ts";
import type { ToolDescriptor } from "../tool/tool-descriptor.ts";
import { dataResult } from "../tool/tool-result.ts";
import type { Tool } from "../tool/tool.ts";
import type { BuiltinAccess } from "./builtin-access.ts";
import { builtinHeader } from "./builtin-header.ts";
import { resolveTool } from "./resolve-tool.ts";

const input = z.strictObject({ name: z.string().meta({ description: "The tool's name." }) });

/** Makes the tool that shows one tool in full. */
export function createDescribeTool(access: BuiltinAccess): Tool {
  return defineTool({
    ...builtinHeader("describe_tool"),
    input,
    call: async ({ name }, context) => {
      const tool = await resolveTool(name, access, context);
      const usage = access.usageOf?.(name);
      const isUsed = usage !== undefined && usage.calls > 0;
      return dataResult(
        toPlainJson({ ...toData(tool), ...(isUsed && { usage: toUsageData(usage) }) }),
      );
    },
  });
}

function toUsageData({ calls, errors, meanMs, lastUsedAt }: ToolUsage): JsonObject {
  return {
    calls,
    errors,
    meanMs: Math.round(meanMs),
    ...(lastUsedAt !== undefined && { lastUsedAt: new Date(lastUsedAt).toISOString() }),
  };
}

function toData(tool: ToolDescriptor): JsonObject {
  const { title, outputSchema } = tool;
  return {
    name: tool.name,
    ...(title !== undefined && { title }),
    description: tool.description,
    inputSchema: tool.inputSchema,
    ...(outputSchema !== undefined && { outputSchema }),
    annotations: { ...tool.annotations },
    risk: tool.risk,
    category: tool.category,
    tags: tool.tags,
    source: tool.source,
  };
}
