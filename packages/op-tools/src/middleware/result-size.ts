import type { JsonValue } from "op-core";
import { hasKnownForm, type ToolResult } from "../tool/tool-result.ts";

/**
 * Whether a result certainly needs at most `maxBytes` for its content and as much for its data. Adds up lengths and
 * stops early, so that small results cost next to nothing; may say no to a result that is close to the limit.
 */
export function isSmall(result: ToolResult, maxBytes: number): boolean {
  let budget = maxBytes;
  for (const block of result.content) budget -= contentBound(block);
  if (budget < 0) return false;
  return result.structuredContent === undefined || spend(result.structuredContent, maxBytes) >= 0;
}

function contentBound(block: ToolResult["content"][number]): number {
  if (!hasKnownForm(block)) return textBound(JSON.stringify(block));
  if (block.type === "text") return textBound(block.text);
  if (block.type === "resource_link") return textBound(block.name + block.uri);
  if (block.type !== "resource") return block.data.length;
  return textBound("text" in block.resource ? block.resource.text : block.resource.blob);
}

/** UTF-8 takes at most three bytes for a unit of UTF-16. */
function textBound(text: string): number {
  return text.length * 3;
}

/** What is left of the budget after the value, or less than nothing. */
function spend(value: JsonValue, budget: number): number {
  if (typeof value === "string") return budget - textBound(value) - 2;
  if (typeof value !== "object" || value === null) return budget - 24;
  let left = budget - 2;
  for (const [key, member] of Object.entries(value)) {
    if (left < 0) break;
    left = spend(member, left - textBound(key) - 4);
  }
  return left;
}
