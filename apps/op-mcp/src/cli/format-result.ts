import { hasKnownForm, type ContentBlock, type ToolResult } from "op-tools";

/** A result for people: its text, data indented, and a word for what a terminal cannot show. */
export function formatResult(result: ToolResult): string {
  if (result.isError !== true && result.structuredContent !== undefined) {
    return JSON.stringify(result.structuredContent, undefined, 2);
  }
  return result.content.map(formatBlock).join("\n");
}

function formatBlock(block: ContentBlock): string {
  if (!hasKnownForm(block)) return `[${block.type}; --json shows the data]`;
  if (block.type === "text") return block.text;
  if (block.type === "resource_link") return `[link ${block.uri}] ${block.title ?? block.name}`;
  if (block.type === "resource") {
    const { resource } = block;
    return "text" in resource ? resource.text : `[resource ${resource.uri}, binary]`;
  }
  const bytes = Math.floor((block.data.length * 3) / 4);
  return `[${block.type} ${block.mimeType}, ${bytes} bytes; --json shows the data]`;
}
