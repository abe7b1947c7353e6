import type { AgentPool } from "../pool/agent-pool.ts";
import type { AgentSpec } from "../spec/agent-spec.ts";
import type { FoundAgents } from "../spec/found-agents.ts";

/** The types of agents that there are: those that are configured, and those that come and go. */
export class AgentRoster {
  /** Always the same list, whose content changes. */
  readonly specs: AgentSpec[];
  readonly #own: ReadonlySet<string>;
  readonly #found: FoundAgents | undefined;
  /** Those of the found ones that the pool has. */
  readonly #inPool = new Map<AgentSpec, AsyncDisposable>();
  #pool: AgentPool | undefined;

  constructor(own: readonly AgentSpec[], found: FoundAgents | undefined) {
    this.specs = [...own];
    this.#own = new Set(own.map(({ type }) => type));
    this.#found = found;
  }

  /** Takes in who has come, and lets go of who has left; says whether anything changed. What is configured keeps its type. */
  async refresh(options: { readonly signal: AbortSignal }): Promise<boolean> {
    if (this.#found === undefined) return false;
    const found = await this.#found.current(options);
    const wanted = new Map(
      found.filter(({ type }) => !this.#own.has(type)).map((spec) => [spec.type, spec]),
    );
    const isWanted = (spec: AgentSpec) => wanted.get(spec.type) === spec;
    const gone = this.specs.filter((spec) => !this.#own.has(spec.type) && !isWanted(spec));
    const come = [...wanted.values()].filter((spec) => !this.specs.includes(spec));
    const staying = this.specs.filter((spec) => !gone.includes(spec));
    this.specs.splice(0, this.specs.length, ...staying, ...come);
    // Whoever is gone makes room for another of the same type at once; ending its conversation may take a moment.
    const leaving = gone.map(async (spec) => await this.#leavePool(spec));
    for (const spec of come) this.#joinPool(spec);
    await Promise.all(leaving);
    return gone.length + come.length > 0;
  }

  /** Gives those that were found to a pool, which has the configured ones already, and from now on those that come. */
  join(pool: AgentPool): void {
    this.#pool = pool;
    for (const spec of this.specs) if (!this.#own.has(spec.type)) this.#joinPool(spec);
  }

  #joinPool(spec: AgentSpec): void {
    if (this.#pool !== undefined) this.#inPool.set(spec, this.#pool.add(spec));
  }

  async #leavePool(spec: AgentSpec): Promise<void> {
    const place = this.#inPool.get(spec);
    this.#inPool.delete(spec);
    await place?.[Symbol.asyncDispose]();
  }
}
