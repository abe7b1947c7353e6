import { LRUCache } from "lru-cache";
import { canonicalJson, type Clock, type JsonObject } from "op-core";

/** What is kept, and what it was good for. */
export interface KeptCounts {
  readonly entries: number;
  /** Roughly, in memory. */
  readonly bytes: number;
  /** Requests that were answered without asking the server. */
  readonly hits: number;
}

/** One request, and who wants it. */
export interface KeepableRequest {
  readonly method: string;
  readonly params: JsonObject;
  readonly user: string | undefined;
}

interface Kept {
  readonly request: KeepableRequest;
  readonly result: JsonObject;
}

/** What a server may have kept: everything else is asked anew each time. */
const keepable = new Set([
  "tools/list",
  "resources/list",
  "resources/templates/list",
  "resources/read",
  "prompts/list",
]);

const mostEntries = 1000;
const mostBytes = 4 * 1024 * 1024;
/** Whatever a server says. */
const longestMs = 86_400_000;

/** For everybody where the server says `public`, and otherwise for who asked. */
function keyOf({ method, params, user }: KeepableRequest, isPublic: boolean): string {
  return canonicalJson([method, params, ...(isPublic ? [] : [user ?? ""])]);
}

/** Answers that a server says may be kept, for as long as it says, unless it tells of a change before. */
export class KeptResults {
  readonly #results: LRUCache<string, Kept>;
  /** Counts the changes: what was asked for before one is not kept after it. */
  #generation = 0;
  #hits = 0;

  constructor(clock: Clock) {
    this.#results = new LRUCache({
      max: mostEntries,
      maxSize: mostBytes,
      ttlResolution: 0,
      // To the cache, 0 is not a time but the absence of one.
      perf: { now: () => clock.monotonic() + 1 },
    });
  }

  get counts(): KeptCounts {
    const { size: entries, calculatedSize: bytes } = this.#results;
    return { entries, bytes, hits: this.#hits };
  }

  /** The answer, where it is kept. */
  find(request: KeepableRequest): JsonObject | undefined {
    if (this.#results.size === 0 || !keepable.has(request.method)) return undefined;
    const kept =
      this.#results.get(keyOf(request, false)) ?? this.#results.get(keyOf(request, true));
    if (kept !== undefined) this.#hits += 1;
    return kept?.result;
  }

  /** Begins a request, and returns what keeps its answer, where that may be kept. */
  begin(request: KeepableRequest): (result: JsonObject) => void {
    const generation = this.#generation;
    // Pages belong together: those that follow a new first one are asked for anew, too.
    if (request.params["cursor"] === undefined && request.method !== "resources/read")
      this.#delete(({ method }) => method === request.method);
    return (result) => {
      const { ttlMs, cacheScope, resultType = "complete" } = result;
      const isKeepable = keepable.has(request.method) && resultType === "complete";
      if (!isKeepable || generation !== this.#generation) return;
      if (typeof ttlMs !== "number" || !(ttlMs > 0)) return;
      const key = keyOf(request, cacheScope === "public");
      // Characters take one or two bytes in memory; two is on the safe side.
      const size = 2 * (key.length + JSON.stringify(result).length);
      this.#results.set(key, { request, result }, { ttl: Math.min(ttlMs, longestMs), size });
    };
  }

  /** Forgets the answers to methods of this kind; all of them unless told. */
  forget(kind: "tools" | "resources" | "prompts" | "" = ""): void {
    this.#generation += 1;
    this.#delete(({ method }) => method.startsWith(kind));
  }

  /** Forgets a resource, and those it is a part of. */
  forgetResource(uri: string): void {
    this.#generation += 1;
    this.#delete(({ method, params }) => {
      const { uri: kept } = params;
      return method === "resources/read" && typeof kept === "string" && uri.startsWith(kept);
    });
  }

  #delete(isMeant: (request: KeepableRequest) => boolean): void {
    for (const [key, { request }] of this.#results.entries())
      if (isMeant(request)) this.#results.delete(key);
  }
}
