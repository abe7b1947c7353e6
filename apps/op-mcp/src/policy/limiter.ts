import { systemClock, type Clock } from "op-core";
import type { Risk } from "op-tools";
import { BoundedMap } from "./bounded-map.ts";
import { toKnownRisk } from "./compiled-rule.ts";
import { LeakyBucket } from "./leaky-bucket.ts";
import type { Limit, LimitName, Limits } from "./limits.ts";
import { LimitExceededError, type ExceededLimit } from "./policy-error.ts";
import { toInline } from "./policy-text.ts";
import type { Policy, PolicyRequest } from "./policy.ts";
import { SessionBudget } from "./session-budget.ts";

/** A call that limits let in. */
export interface Ticket extends Disposable {
  /**
   * Ends the call, and counts its result. Throws `ERR_LIMIT_EXCEEDED` where that is larger than allowed; the call has
   * ended all the same. Ending it once more does nothing, and so does disposing it then.
   */
  leave(resultBytes: number): void;
}

/** What of a call limits look at. */
export type LimitedCall = Pick<PolicyRequest, "principal" | "tool" | "source" | "risk">;

/** Holds calls to the limits of the policy. */
export interface Limiter extends Disposable {
  /** Lets a call in, or throws `ERR_LIMIT_EXCEEDED`. A call that is refused uses nothing up. */
  enter(call: LimitedCall, sessionId: string, argumentBytes: number): Ticket;
  /** How many callers, pairs of caller and tool, and sessions it remembers. */
  readonly size: number;
}

/** What a limiter takes. */
export interface LimiterOptions {
  readonly clock?: Clock;
  /** How many callers, pairs of caller and tool, and sessions are remembered, of each; the longest unseen are forgotten. */
  readonly maxRemembered?: number;
}

/** Makes a limiter. It asks the policy about each call, so that a live policy's limits count at once. */
export function createLimiter(
  policy: Pick<Policy, "limitsFor">,
  options: LimiterOptions = {},
): Limiter {
  return new PolicyLimiter(policy, options);
}

const rateNames: Readonly<Record<Risk, LimitName>> = {
  read: "readCallsPerMinute",
  write: "writeCallsPerMinute",
  destructive: "destructiveCallsPerMinute",
  privileged: "privilegedCallsPerMinute",
};

/** A rate that a call counts for. */
interface Rate {
  readonly name: LimitName;
  readonly bucket: LeakyBucket;
  readonly counted: string;
}

/** A call that asks to be let in, with all that is known of its caller. */
interface Entry {
  readonly call: LimitedCall;
  readonly limits: Limits;
  readonly argumentBytes: number;
  readonly isDestructive: boolean;
  readonly rates: readonly Rate[];
  readonly session: SessionBudget;
  readonly nowMs: number;
}

class PolicyLimiter implements Limiter {
  readonly #policy: Pick<Policy, "limitsFor">;
  readonly #clock: Clock;
  readonly #callers: BoundedMap<LeakyBucket>;
  readonly #tools: BoundedMap<LeakyBucket>;
  readonly #sessions: BoundedMap<SessionBudget>;
  /** Whoever has no call running is not in it. */
  readonly #running = new Map<string, number>();

  constructor(policy: Pick<Policy, "limitsFor">, options: LimiterOptions) {
    const { clock = systemClock, maxRemembered = 10_000 } = options;
    this.#policy = policy;
    this.#clock = clock;
    // A bucket for all calls of a caller, and one for each risk.
    this.#callers = new BoundedMap(5 * maxRemembered);
    this.#tools = new BoundedMap(maxRemembered);
    this.#sessions = new BoundedMap(maxRemembered);
  }

  get size(): number {
    return this.#callers.size + this.#tools.size + this.#sessions.size;
  }

  enter(call: LimitedCall, sessionId: string, argumentBytes: number): Ticket {
    const entry = this.#toEntry(call, sessionId, argumentBytes);
    this.#check(entry);
    for (const { bucket } of entry.rates) bucket.add();
    const destructiveCalls = entry.isDestructive ? 1 : 0;
    entry.session.add({ calls: 1, bytes: argumentBytes, destructiveCalls });
    const { id } = call.principal;
    this.#running.set(id, this.#runningOf(id) + 1);
    return this.#toTicket(entry);
  }

  [Symbol.dispose](): void {
    this.#callers.clear();
    this.#tools.clear();
    this.#sessions.clear();
  }

  #toEntry(call: LimitedCall, sessionId: string, argumentBytes: number): Entry {
    const { principal, tool, source } = call;
    const risk = toKnownRisk(call.risk);
    const nowMs = this.#clock.monotonic();
    const rate = (buckets: BoundedMap<LeakyBucket>, key: string): LeakyBucket =>
      buckets.getOrMake(join(principal.id, key), () => new LeakyBucket(nowMs));
    return {
      call,
      limits: this.#policy.limitsFor(principal, tool),
      argumentBytes,
      isDestructive: risk === "destructive" || risk === "privileged",
      rates: [
        { name: "callsPerMinute", bucket: rate(this.#callers, ""), counted: "calls" },
        {
          name: "toolCallsPerMinute",
          bucket: rate(this.#tools, join(source, tool)),
          counted: "calls of one tool",
        },
        {
          name: rateNames[risk],
          bucket: rate(this.#callers, risk),
          counted: `${risk} calls`,
        },
      ],
      session: this.#sessions.getOrMake(
        join(principal.id, sessionId),
        () => new SessionBudget(nowMs),
      ),
      nowMs,
    };
  }

  /** Nothing may be used up before all is known to have room. */
  #check(entry: Entry): void {
    const { limits, argumentBytes, call } = entry;
    const { argumentBytes: size, concurrentCalls } = limits;
    if (argumentBytes > size.value) {
      refuse(entry, { limit: "argumentBytes", used: argumentBytes, unit: "bytes of arguments" });
    }
    const running = this.#runningOf(call.principal.id);
    if (running >= concurrentCalls.value) {
      const isPassing = running > 0;
      const unit = "calls at the same time";
      refuse(entry, { limit: "concurrentCalls", used: running, unit, isPassing });
    }
    checkRates(entry);
    checkSession(entry);
  }

  #toTicket({ call, limits, session }: Entry): Ticket {
    let isRunning = true;
    const end = (resultBytes: number): boolean => {
      if (!isRunning) return false;
      isRunning = false;
      this.#countOut(call.principal.id);
      session.add({ bytes: resultBytes });
      return true;
    };
    return {
      leave: (resultBytes) => {
        if (!end(resultBytes) || resultBytes <= limits.resultBytes.value) return;
        const unit = "bytes of a result";
        refuse({ call, limits }, { limit: "resultBytes", used: resultBytes, unit });
      },
      [Symbol.dispose]: () => {
        end(0);
      },
    };
  }

  #runningOf(id: string): number {
    return this.#running.get(id) ?? 0;
  }

  #countOut(id: string): void {
    const left = this.#runningOf(id) - 1;
    if (left > 0) this.#running.set(id, left);
    else this.#running.delete(id);
  }
}

/** One text for two, which no other two have. */
function join(one: string, other: string): string {
  return `${one.length}:${one}${other}`;
}

function checkRates(entry: Entry): void {
  const { limits, rates, nowMs } = entry;
  for (const { name, bucket, counted } of rates) {
    const perMinute = limits[name].value;
    const waitMs = bucket.waitMs(nowMs, perMinute);
    if (waitMs === 0) continue;
    const used = Math.ceil(bucket.levelAt(nowMs, perMinute));
    refuse(entry, { limit: name, used, unit: `${counted} a minute`, ...retryAfter(waitMs) });
  }
}

function checkSession(entry: Entry): void {
  const { limits, session, nowMs, argumentBytes, isDestructive } = entry;
  const windowMs = limits.sessionWindowMs.value;
  const used = session.usedAt(nowMs, windowMs);
  const freeInMs = session.freeInMs(nowMs, windowMs);
  const isOver = (name: LimitName, wanted: number): boolean => wanted > limits[name].value;
  const tell = (limit: LimitName, amount: number, unit: string): void => {
    // A call that has no room in an empty window needs not wait for one.
    const alone = limit === "sessionBytes" ? argumentBytes : 1;
    const wait = isOver(limit, alone) ? undefined : freeInMs;
    refuse(entry, { limit, used: amount, unit, ...retryAfter(wait) });
  };
  if (isOver("sessionCalls", used.calls + 1))
    tell("sessionCalls", used.calls, "calls in a session");
  if (isOver("sessionBytes", used.bytes + argumentBytes)) {
    tell("sessionBytes", used.bytes, "bytes in a session");
  }
  if (isDestructive && isOver("sessionDestructiveCalls", used.destructiveCalls + 1)) {
    const unit = "destructive or privileged calls in a session";
    tell("sessionDestructiveCalls", used.destructiveCalls, unit);
  }
}

function retryAfter(retryAfterMs: number | undefined): { readonly retryAfterMs?: number } {
  return retryAfterMs === undefined ? {} : { retryAfterMs };
}

type Excess = Pick<ExceededLimit, "used" | "unit" | "retryAfterMs"> & {
  readonly limit: LimitName;
  readonly isPassing?: boolean;
};

function refuse(
  { call, limits }: Pick<Entry, "call" | "limits">,
  { limit, isPassing = false, ...excess }: Excess,
): never {
  const { value, configKey }: Limit = limits[limit];
  throw new LimitExceededError({
    what: `The call of ${toInline(call.tool)} by ${toInline(call.principal.id)}`,
    limit,
    allowed: value,
    configKey,
    isPassing,
    ...excess,
  });
}
