import type { ToolDescriptor } from "./tool-descriptor.ts";
import type { Tool } from "./tool.ts";

/** The light half of a tool, as the source of this name lists it. */
export function toDescriptor(tool: ToolDescriptor, source: string): ToolDescriptor {
  const {
    name,
    title,
    description,
    inputSchema,
    outputSchema,
    annotations,
    category,
    tags,
    risk,
    icons,
    _meta,
    written,
  } = tool;
  return {
    name,
    ...(title === undefined ? {} : { title }),
    description,
    inputSchema,
    ...(outputSchema === undefined ? {} : { outputSchema }),
    annotations,
    category,
    tags,
    source,
    risk,
    ...(icons === undefined ? {} : { icons }),
    ...(_meta === undefined ? {} : { _meta }),
    ...(written === undefined ? {} : { written }),
  };
}

/** The same tool under the name of the source that offers it. */
export function withSource(tool: Tool, source: string): Tool {
  if (tool.source === source) return tool;
  const dispose = tool[Symbol.asyncDispose]?.bind(tool);
  const effectOf = tool.effectOf?.bind(tool);
  const preview = tool.preview?.bind(tool);
  return {
    ...toDescriptor(tool, source),
    call: (args, context) => tool.call(args, context),
    ...(effectOf === undefined ? {} : { effectOf }),
    ...(preview === undefined ? {} : { preview }),
    ...(dispose === undefined ? {} : { [Symbol.asyncDispose]: dispose }),
  };
}
