import type { Risk } from "./risk.ts";
import type { ToolAnnotations } from "./tool-descriptor.ts";

/** What clients are told by default of a tool of this risk. */
export function annotationsFor(risk: Risk): ToolAnnotations {
  if (risk === "read") return { readOnlyHint: true, destructiveHint: false };
  return { readOnlyHint: false, destructiveHint: risk !== "write" };
}
