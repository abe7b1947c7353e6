import { randomUUID } from "node:crypto";
import { LRUCache } from "lru-cache";
import { systemClock, type Clock } from "op-core";
import { ResourceNotFoundError } from "../tool-error.ts";
import type { ResourceSource } from "../sources/resource-source.ts";
import { expireAfter } from "./expiry.ts";
import type { LimitResultConfig } from "./limit-result-config.ts";

/** A part of a large result: text, or bytes as base64. */
export type ResultPage = { readonly mimeType: string } & (
  | { readonly text: string }
  | { readonly blob: string }
);

/** What a result store takes. */
export interface ResultStoreOptions extends Pick<LimitResultConfig, "ttlMs" | "maxStoreBytes"> {
  readonly clock?: Clock;
  /** Makes names that nobody can guess. */
  readonly createId?: () => string;
}

/** Keeps what was too large to answer, for a while, and only for whoever it was answered to. */
export interface ResultStore {
  /** Keeps the pages and says where; nothing when they are larger than the whole store. */
  put(principalId: string, pages: readonly ResultPage[]): string | undefined;
  /** The page a URI names, where this caller may read it. */
  get(principalId: string, uri: string): ResultPage | undefined;
  clear(): void;
}

const uriPrefix = "op-mcp://results/";

/** Makes an empty store. */
export function createResultStore(options: ResultStoreOptions): ResultStore {
  const { ttlMs, maxStoreBytes, clock = systemClock, createId = () => randomUUID() } = options;
  const kept = new LRUCache<string, { principalId: string; pages: readonly ResultPage[] }>({
    maxSize: maxStoreBytes,
    ...expireAfter(ttlMs, clock),
  });
  return {
    put: (principalId, pages) => {
      const uri = `${uriPrefix}${createId()}`;
      kept.set(uri, { principalId, pages }, { size: sizeOf(pages) });
      return kept.has(uri) ? uri : undefined;
    },
    get: (principalId, uri) => {
      const [whole = "", query] = uri.split("?", 2);
      const entry = kept.get(whole);
      if (entry?.principalId !== principalId) return undefined;
      return entry.pages[pageOf(query) - 1];
    },
    clear: () => kept.clear(),
  };
}

/** Characters take one or two bytes in memory; two is on the safe side. */
function sizeOf(pages: readonly ResultPage[]): number {
  return pages.reduce((sum, page) => sum + 2 * ("text" in page ? page.text : page.blob).length, 1);
}

function pageOf(query: string | undefined): number {
  return Number(new URLSearchParams(query).get("page") ?? 1);
}

/**
 * Offers a store's results as resources, `?page=2` for a page; the first one unless told. Nothing is listed: whoever may
 * read a result was given its URI. Disposing forgets everything.
 */
export function createResultSource(store: ResultStore): ResourceSource {
  return {
    name: "results",
    async *list() {},
    async *templates() {
      yield {
        uriTemplate: `${uriPrefix}{id}{?page}`,
        name: "result",
        description: "The rest of an answer that was too large; its link is in the answer.",
      };
    },
    owns: (uri) => uri.startsWith(uriPrefix),
    read: async (uri, { principal }) => {
      const page = store.get(principal.id, uri);
      if (page === undefined) throw new ResourceNotFoundError(uri);
      return [{ uri, ...page }];
    },
    [Symbol.asyncDispose]: async () => store.clear(),
  };
}
