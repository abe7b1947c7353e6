import { isJsonObject, type JsonObject, type JsonValue } from "op-core";
import type { Icon } from "./tool-descriptor.ts";

/** Who content is for and how much it matters, as MCP defines it. */
export interface ContentAnnotations {
  readonly audience?: readonly ("user" | "assistant")[];
  readonly priority?: number;
  readonly lastModified?: string;
}

interface ContentExtras {
  readonly annotations?: ContentAnnotations;
  readonly _meta?: JsonObject;
}

/** Contents of a resource, as text or as base64. */
export type ResourceContents = {
  readonly uri: string;
  readonly mimeType?: string;
  readonly _meta?: JsonObject;
} & ({ readonly text: string } | { readonly blob: string });

/** One block of a result, in MCP's shape. */
export type ContentBlock = ContentExtras &
  (
    | { readonly type: "text"; readonly text: string }
    | { readonly type: "image" | "audio"; readonly data: string; readonly mimeType: string }
    | { readonly type: "resource"; readonly resource: ResourceContents }
    | {
        readonly type: "resource_link";
        readonly uri: string;
        readonly name: string;
        readonly title?: string;
        readonly description?: string;
        readonly mimeType?: string;
        readonly size?: number;
        readonly icons?: readonly Icon[];
      }
  );

/**
 * Whether a block has the form of its type. What other servers answer is passed on whatever it is: whoever looks into a
 * block asks this first, and takes any other for plain JSON.
 */
export function hasKnownForm(block: ContentBlock): boolean {
  switch (block.type) {
    case "text":
      return typeof block.text === "string";
    case "image":
    case "audio":
      return typeof block.data === "string" && typeof block.mimeType === "string";
    case "resource_link":
      return typeof block.uri === "string" && typeof block.name === "string";
    case "resource":
      return isContents(block.resource);
    default:
      return false;
  }
}

function isContents(value: unknown): boolean {
  if (!isJsonObject(value)) return false;
  return typeof value["text"] === "string" || typeof value["blob"] === "string";
}

/** What a call answers, in MCP's shape so that it passes through unchanged. */
export interface ToolResult {
  readonly content: readonly ContentBlock[];
  /** The same answer as data; fits the tool's `outputSchema` where it has one. */
  readonly structuredContent?: JsonValue;
  /** The tool ran and failed: an answer for the model, not a protocol error. */
  readonly isError?: boolean;
  readonly _meta?: JsonObject;
}

/** A result of one text block. */
export function textResult(text: string): ToolResult {
  return { content: [{ type: "text", text }] };
}

/** A result that carries data, and the same data as text for clients that read only text. */
export function dataResult(data: JsonValue): ToolResult {
  return { content: [{ type: "text", text: JSON.stringify(data) }], structuredContent: data };
}
