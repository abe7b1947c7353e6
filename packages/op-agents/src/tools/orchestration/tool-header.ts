import type { ToolDescriptor } from "op-tools";
import type { AgentToolParts } from "../agent-tool-parts.ts";

/** What these tools have in common. */
export function toolHeader(
  { source }: AgentToolParts,
  name: string,
  title: string,
): Pick<ToolDescriptor, "name" | "title" | "category" | "tags" | "source"> {
  return { name, title, category: "agents", tags: ["agent", "task"], source };
}
