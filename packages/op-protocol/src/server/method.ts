import type { Exchange } from "./exchange.ts";

/** How long and for whom a client may keep an answer. */
export interface CacheHint {
  readonly ttlMs: number;
  readonly cacheScope: "public" | "private";
}

/** One method of the protocol. */
export interface Method {
  /** The eras that have it; in the other one it is unknown. */
  readonly eras: readonly ("legacy" | "modern")[];
  /** Its answer comes when the client or the server ends it: nobody waits for it before leaving. */
  readonly staysOpen?: true;
  /** Said with the answer in the era that has caching. */
  readonly cache?: CacheHint;
  /** The result. A request that stays open is answered when it ends. */
  handle(exchange: Exchange): object | Promise<object>;
}

/** Methods by their name on the wire. */
export type MethodTable = Readonly<Record<string, Method>>;

export const bothEras = ["legacy", "modern"] as const;
export const legacyOnly = ["legacy"] as const;
export const modernOnly = ["modern"] as const;
