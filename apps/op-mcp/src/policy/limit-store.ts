import { systemClock, type Clock } from "op-core";
import { BoundedMap } from "./bounded-map.ts";

/** How much of its limits somebody used, since when. Only what `update` is given may change it. */
export interface Usage {
  sinceMs: number;
  calls: number;
  bytes: number;
  destructiveCalls: number;
}

/** Whose usage it is. Each kind has room of its own, so that none makes another forgotten. */
export interface UsageKey {
  readonly kind: "caller" | "tool" | "session";
  readonly id: string;
}

/** Looks at usages and changes them; where it throws, it has changed nothing that counts. May run more than once. */
export type UpdateUsages = (usages: readonly Usage[], nowMs: number) => void;

/**
 * Where it is kept how much callers used of their limits: what every process that serves them must know. What nobody
 * used for long may be forgotten.
 */
export interface LimitStore extends Disposable {
  /** How many usages are kept. */
  readonly size: number;
  /**
   * Updates the usages of these keys as one step towards all processes, by the time they all have. A key of which nothing
   * is kept has used nothing until now. A store in this process does it at once; then errors are thrown, not rejected.
   */
  update(keys: readonly UsageKey[], work: UpdateUsages): void | Promise<void>;
}

/** What a store in memory takes. */
export interface MemoryLimitsOptions {
  readonly clock?: Clock;
  /** How many callers, pairs of caller and tool, and sessions are remembered, of each; the longest unseen are forgotten. */
  readonly maxRemembered?: number;
}

/** A caller has a usage of all calls, and one of each risk. */
const usagesOfCaller = 5;

class MemoryLimits implements LimitStore {
  readonly #clock: Clock;
  readonly #kept: Readonly<Record<UsageKey["kind"], BoundedMap<Usage>>>;

  constructor({ clock = systemClock, maxRemembered = 10_000 }: MemoryLimitsOptions) {
    this.#clock = clock;
    this.#kept = {
      caller: new BoundedMap(usagesOfCaller * maxRemembered),
      tool: new BoundedMap(maxRemembered),
      session: new BoundedMap(maxRemembered),
    };
  }

  get size(): number {
    const { caller, tool, session } = this.#kept;
    return caller.size + tool.size + session.size;
  }

  update(keys: readonly UsageKey[], work: UpdateUsages): void {
    const nowMs = this.#clock.monotonic();
    const usages = keys.map(({ kind, id }) =>
      this.#kept[kind].getOrMake(id, () => ({
        sinceMs: nowMs,
        calls: 0,
        bytes: 0,
        destructiveCalls: 0,
      })),
    );
    work(usages, nowMs);
  }

  [Symbol.dispose](): void {
    for (const kept of Object.values(this.#kept)) kept.clear();
  }
}

/** Keeps usages in this process: no other sees them. */
export function createMemoryLimits(options: MemoryLimitsOptions = {}): LimitStore {
  return new MemoryLimits(options);
}
