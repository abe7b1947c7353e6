import type { ToolDescriptor } from "../tool/tool-descriptor.ts";

type Named = Pick<ToolDescriptor, "name">;

/** Whether a tool's name fits a pattern, in which `*` stands for any number of characters. */
export function matchesPattern(tool: Named, pattern: string): boolean {
  const [start = "", ...rest] = pattern.split("*");
  const end = rest.pop();
  if (end === undefined) return tool.name === pattern;
  if (!tool.name.startsWith(start) || !tool.name.endsWith(end)) return false;
  let position = start.length;
  for (const part of rest) {
    const found = tool.name.indexOf(part, position);
    if (found === -1) return false;
    position = found + part.length;
  }
  return position <= tool.name.length - end.length;
}

/** The value of the first pattern in the table that fits the tool. */
export function firstMatch<T>(tool: Named, table: Readonly<Record<string, T>>): T | undefined {
  return Object.entries(table).find(([pattern]) => matchesPattern(tool, pattern))?.[1];
}
