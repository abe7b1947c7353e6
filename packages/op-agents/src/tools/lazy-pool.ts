import { createSingleFlight } from "op-core";
import { PoolClosedError } from "../agent-error.ts";
import type { AgentPool } from "../pool/agent-pool.ts";

/** Opens a pool. */
export type OpenPool = (options: { readonly signal: AbortSignal }) => Promise<AgentPool>;

/** A pool that is opened when it is first used. Disposing closes it. */
export interface LazyPool extends AsyncDisposable {
  /** The pool, if something used it already. */
  readonly opened: AgentPool | undefined;
  get(options: { readonly signal: AbortSignal }): Promise<AgentPool>;
}

/** Makes it; nothing is opened yet, and what fails to open is opened again by the next who needs it. */
export function createLazyPool(openPool: OpenPool): LazyPool {
  const opening = createSingleFlight<"pool", AgentPool>();
  const closing = new AbortController();
  let opened: AgentPool | undefined;
  let underWay: Promise<unknown> | undefined;

  const open = (wanted: AbortSignal) => {
    const signal = AbortSignal.any([wanted, closing.signal]);
    const started = openPool({ signal }).then((pool) => (opened = pool));
    underWay = started.catch(() => undefined);
    return started;
  };
  return {
    get opened() {
      return opened;
    },
    get: async ({ signal }) => {
      if (closing.signal.aborted) throw new PoolClosedError("A task");
      return opened ?? (await opening.run("pool", open, { signal }));
    },
    [Symbol.asyncDispose]: async () => {
      closing.abort(new PoolClosedError("A task"));
      await underWay;
      await opened?.[Symbol.asyncDispose]();
    },
  };
}
