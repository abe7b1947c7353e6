import type { ToolDescriptor } from "../tool/tool-descriptor.ts";

/** Remembers what `make` gives for each tool, for as long as the tool itself is known. */
export function perTool<T>(make: (tool: ToolDescriptor) => T): (tool: ToolDescriptor) => T {
  const made = new WeakMap<ToolDescriptor, { readonly value: T }>();
  return (tool) => {
    const known = made.get(tool);
    if (known !== undefined) return known.value;
    const value = make(tool);
    made.set(tool, { value });
    return value;
  };
}
