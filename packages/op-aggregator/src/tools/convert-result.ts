import { isJsonObject, type JsonObject } from "op-core";
import { UpstreamMessageError } from "op-protocol/client";
import type { ContentBlock, ToolResult } from "op-tools";
import { mapContent, namesResource, type UriMap } from "../resources/uri-map.ts";
import { without } from "../upstreams/without.ts";

/** Belongs to the way the upstream speaks, not to what it says. */
export const framing = ["resultType", "ttlMs", "cacheScope"];

/** Whether a value has the form of content. What a block of an unknown kind has in it is passed on unread. */
export function isContentBlock(value: unknown): value is ContentBlock {
  return isJsonObject(value) && typeof value["type"] === "string";
}

/** Whether a value has the form of a result, whatever else it has. */
function isToolResult(value: unknown): value is ToolResult {
  if (!isJsonObject(value)) return false;
  const { content, isError, _meta } = value;
  return (
    Array.isArray(content) &&
    content.every(isContentBlock) &&
    (isError === undefined || typeof isError === "boolean") &&
    (_meta === undefined || isJsonObject(_meta))
  );
}

/** Only what names a resource is made anew. */
function withPublicUris(result: JsonObject, uris: UriMap): JsonObject {
  const { content = [] } = result;
  if (!Array.isArray(content)) return result;
  if ("content" in result && !content.some(namesResource)) return result;
  return { ...result, content: content.map((block) => mapContent(block, uris)) };
}

/** An upstream's result as it is passed on: unchanged but for the URIs of resources. */
export function toToolResult(result: JsonObject, uris: UriMap): ToolResult {
  const passed: unknown = withPublicUris(
    framing.some((key) => key in result) ? without(result, framing) : result,
    uris,
  );
  if (!isToolResult(passed)) throw new UpstreamMessageError("its result has not the form of one");
  return passed;
}
