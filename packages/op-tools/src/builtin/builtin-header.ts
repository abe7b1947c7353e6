import type { ToolDescriptor } from "../tool/tool-descriptor.ts";
import { builtinDescriptors, type BuiltinName } from "./builtin-descriptors.ts";

/** All of a built-in tool's descriptor but its schema, which the tool derives from its own. */
export function builtinHeader(name: BuiltinName): Omit<ToolDescriptor, "inputSchema"> {
  const { inputSchema: _derived, ...header } = builtinDescriptors[name];
  return header;
}
