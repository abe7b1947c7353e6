import { isJsonObject, type JsonObject } from "op-core";
import { listAll, type UpstreamClient } from "op-protocol/client";

/** How long a list counts whose server says neither that it tells of changes nor for how long. */
const recheckMs = 30_000;
/** However short a server says that its list counts, and however long. */
export const leastFreshMs = 1000;
const mostFreshMs = 86_400_000;

/** What a server says that it has. */
export interface ReadTools {
  readonly raws: readonly JsonObject[];
  /** How long that counts; without end where the server tells of changes. */
  readonly freshMs: number;
}

/** Reads every tool of a server. */
export async function readTools(client: UpstreamClient, signal: AbortSignal): Promise<ReadTools> {
  const { capabilities } = await client.connect({ signal });
  const { tools } = capabilities;
  if (!isJsonObject(tools)) return { raws: [], freshMs: Infinity };
  let ttlMs: unknown;
  const pages: Pick<UpstreamClient, "request"> = {
    request: async (...request) => {
      const page = await client.request(...request);
      ttlMs ??= page["ttlMs"];
      return page;
    },
  };
  const raws = await Array.fromAsync(listAll(pages, "tools/list", { signal }));
  return { raws, freshMs: tools["listChanged"] === true ? Infinity : toFreshMs(ttlMs) };
}

function toFreshMs(ttlMs: unknown): number {
  if (typeof ttlMs !== "number" || !(ttlMs > 0)) return recheckMs;
  return Math.min(Math.max(ttlMs, leastFreshMs), mostFreshMs);
}
