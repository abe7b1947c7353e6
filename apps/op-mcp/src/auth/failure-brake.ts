import { isIPv6 } from "node:net";
import { backoffDelayMs, type Clock } from "op-core";
import { ExpiringMap } from "./expiring-map.ts";

/** How failed attempts are slowed. */
export interface FailureBrakeRules {
  /** Failures that cost nothing: people mistype, clients start with an old token. */
  readonly freeFailures: number;
  /** The wait after the first failure that costs; each further one doubles it. */
  readonly initialDelayMs: number;
  readonly maxDelayMs: number;
  /** How many addresses and keys are remembered. */
  readonly maxSources: number;
}

interface Failures {
  readonly count: number;
  readonly freeAtMs: number;
}

/** After this long without a failure a source starts anew. */
const forgetMs = 60 * 60_000;

/** Makes each failure of a source cost more time than the one before, in bounded memory. */
export class FailureBrake {
  readonly #rules: FailureBrakeRules;
  readonly #clock: Clock;
  readonly #failures: ExpiringMap<Failures>;

  constructor(rules: FailureBrakeRules, clock: Clock) {
    this.#rules = rules;
    this.#clock = clock;
    this.#failures = new ExpiringMap(rules.maxSources, clock);
  }

  /** How long these sources have to wait from now on; 0 when they may try. */
  waitMs(sources: readonly string[]): number {
    const now = this.#clock.monotonic();
    const waits = sources.map((source) => (this.#failures.get(source)?.freeAtMs ?? 0) - now);
    return Math.max(0, ...waits);
  }

  /** Notes a failure of each of these sources. */
  failed(sources: readonly string[]): void {
    const { freeFailures, initialDelayMs, maxDelayMs } = this.#rules;
    const policy = { initialMs: initialDelayMs, maxMs: maxDelayMs, factor: 2, jitter: 0 };
    for (const source of sources) {
      const count = (this.#failures.get(source)?.count ?? 0) + 1;
      const costly = count - freeFailures;
      const delayMs = costly > 0 ? backoffDelayMs(costly, policy) : 0;
      const freeAtMs = this.#clock.monotonic() + delayMs;
      this.#failures.set(source, { count, freeAtMs }, forgetMs + delayMs);
    }
  }
}

/**
 * The part of an address that one customer has: all of an IPv4 address, also of one written as IPv6, and the first 64
 * bits of an IPv6 address, whose owner has all others.
 */
export function sourceOf(address: string): string {
  const mapped = /^::ffff:(?<v4>\d+\.\d+\.\d+\.\d+)$/iu.exec(address)?.groups?.["v4"];
  if (mapped !== undefined) return mapped;
  const [unscoped = ""] = address.split("%");
  if (!isIPv6(unscoped)) return address;
  const [head = "", tail] = unscoped.toLowerCase().split("::");
  const left = head.split(":").filter((group) => group !== "");
  const right = (tail ?? "").split(":").filter((group) => group !== "");
  const zeros = tail === undefined ? 0 : 8 - left.length - right.length;
  const groups = [...left, ...Array.from({ length: Math.max(0, zeros) }, () => "0"), ...right];
  const prefix = groups.slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16));
  return `${prefix.join(":")}::/64`;
}
