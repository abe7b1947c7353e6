import { invalidParams } from "../json-rpc/json-rpc-error.ts";
import type { Exchange } from "./exchange.ts";
import type { Seal } from "./seal.ts";

/** Where a page begins and ends. */
export interface PageRange {
  readonly start: number;
  readonly end: number;
}

/** Cuts lists into pages with opaque cursors. */
export interface Pager {
  /** The range a request asks for; a cursor this server did not make is refused. */
  range(exchange: Exchange): PageRange;
  /** What a result carries besides the page itself. */
  next(exchange: Exchange, range: PageRange, total: number): { readonly nextCursor?: string };
}

/** Clients that give up after a fixed number of pages still see 10,000 tools with this many a page. */
export const defaultPageSize = 200;

/**
 * Cuts pages by position. A list that changes between two pages goes on from the same position: the client is told of
 * the change besides, and lists again.
 */
export function createPager(seal: Seal, pageSize: number = defaultPageSize): Pager {
  return {
    range: ({ method, params }) => {
      const cursor = params["cursor"];
      if (cursor === undefined) return { start: 0, end: pageSize };
      const text = typeof cursor === "string" ? seal.open(cursor) : undefined;
      if (text === undefined || !text.startsWith(`${method}:`)) {
        throw invalidParams(
          "The cursor is not one this server gave for this list. List again without a cursor.",
        );
      }
      const start = Number(text.slice(method.length + 1));
      return { start, end: start + pageSize };
    },
    next: ({ method }, { end }, total) =>
      end < total ? { nextCursor: seal.close(`${method}:${end}`) } : {},
  };
}
