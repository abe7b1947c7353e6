import { isJsonObject, type JsonObject } from "op-core";
import type { UpstreamClient, UpstreamRequestOptions } from "./upstream-client.ts";
import { UpstreamMessageError } from "./upstream-error.ts";

/** What is listed, and the key under which it is found in the result. */
const listKeys = {
  "tools/list": "tools",
  "resources/list": "resources",
  "resources/templates/list": "resourceTemplates",
  "prompts/list": "prompts",
} as const;

/** A method that answers a list in pages. */
export type ListMethod = keyof typeof listKeys;

/** A server whose list has no end must not fill the memory. */
const mostPages = 1000;

/**
 * Reads all pages of a list.
 *
 * @yields each item as the server sent it
 */
export async function* listAll(
  client: Pick<UpstreamClient, "request">,
  method: ListMethod,
  options: UpstreamRequestOptions,
): AsyncGenerator<JsonObject> {
  const seen = new Set<string>();
  let cursor: string | undefined;
  for (let page = 0; page < mostPages; page += 1) {
    const result = await client.request(method, cursor === undefined ? {} : { cursor }, options);
    const items = result[listKeys[method]];
    if (!Array.isArray(items))
      throw new UpstreamMessageError(`the answer to ${method} has no list`);
    for (const item of items) if (isJsonObject(item)) yield item;
    const { nextCursor } = result;
    if (typeof nextCursor !== "string") return;
    if (seen.has(nextCursor))
      throw new UpstreamMessageError(`the pages of ${method} go in a circle`);
    seen.add(nextCursor);
    cursor = nextCursor;
  }
  throw new UpstreamMessageError(`${method} has more than ${mostPages} pages`);
}
