import type { Risk } from "op-tools";
import { toKnownRisk } from "./compiled-rule.ts";
import { levelAt, waitMs } from "./leaky-bucket.ts";
import type { LimitStore, Usage, UsageKey } from "./limit-store.ts";
import type { Limit, LimitName, Limits } from "./limits.ts";
import { LimitExceededError, type ExceededLimit } from "./policy-error.ts";
import { toInline } from "./policy-text.ts";
import type { Policy, PolicyRequest } from "./policy.ts";
import { freeInMs, usedAt } from "./session-budget.ts";

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
export interface Limiter {
  /**
   * Lets a call in, or throws `ERR_LIMIT_EXCEEDED`. A call that is refused uses nothing up. Where usages are kept outside
   * of this process it resolves, and rejects.
   */
  enter(call: LimitedCall, sessionId: string, argumentBytes: number): Ticket | Promise<Ticket>;
}

/**
 * Makes a limiter. It asks the policy about each call, so that a live policy's limits count at once. How many calls run at
 * the same time is counted in this process alone, because it is this process that they keep busy.
 */
export function createLimiter(policy: Pick<Policy, "limitsFor">, store: LimitStore): Limiter {
  return new PolicyLimiter(policy, store);
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
  readonly counted: string;
}

/** A call that asks to be let in, with all that is known of its caller. */
interface Entry {
  readonly call: LimitedCall;
  readonly limits: Limits;
  readonly argumentBytes: number;
  readonly isDestructive: boolean;
  readonly risk: Risk;
  readonly session: UsageKey;
}

class PolicyLimiter implements Limiter {
  readonly #policy: Pick<Policy, "limitsFor">;
  readonly #store: LimitStore;
  /** Whoever has no call running is not in it. */
  readonly #running = new Map<string, number>();

  constructor(policy: Pick<Policy, "limitsFor">, store: LimitStore) {
    this.#policy = policy;
    this.#store = store;
  }

  enter(call: LimitedCall, sessionId: string, argumentBytes: number): Ticket | Promise<Ticket> {
    const entry = this.#toEntry(call, sessionId, argumentBytes);
    this.#checkAlone(entry);
    const updated = this.#store.update(keysOf(entry), (usages, nowMs) => {
      use(entry, usages, nowMs);
    });
    return updated instanceof Promise
      ? updated.then(() => this.#toTicket(entry))
      : this.#toTicket(entry);
  }

  #toEntry(call: LimitedCall, sessionId: string, argumentBytes: number): Entry {
    const { principal, tool } = call;
    const risk = toKnownRisk(call.risk);
    return {
      call,
      limits: this.#policy.limitsFor(principal, tool),
      argumentBytes,
      isDestructive: risk === "destructive" || risk === "privileged",
      risk,
      session: { kind: "session", id: join(principal.id, sessionId) },
    };
  }

  /** What can be told without looking at what was used before. */
  #checkAlone(entry: Entry): void {
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
  }

  #toTicket({ call, limits, session }: Entry): Ticket {
    const { id } = call.principal;
    this.#running.set(id, this.#runningOf(id) + 1);
    let isRunning = true;
    const end = (resultBytes: number): boolean => {
      if (!isRunning) return false;
      isRunning = false;
      this.#countOut(id);
      // Nobody waits for it: what the result weighs counts for the next call.
      void this.#store.update([session], ([usage]) => {
        if (usage !== undefined) usage.bytes += resultBytes;
      });
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

/** The usages a call counts for: of its caller, of the tool, of the risk, and of the session. */
function keysOf({ call: { principal, tool, source }, risk, session }: Entry): readonly UsageKey[] {
  const { id } = principal;
  return [
    { kind: "caller", id: join(id, "") },
    { kind: "tool", id: join(id, join(source, tool)) },
    { kind: "caller", id: join(id, risk) },
    session,
  ];
}

function ratesOf({ risk }: Entry): readonly Rate[] {
  return [
    { name: "callsPerMinute", counted: "calls" },
    { name: "toolCallsPerMinute", counted: "calls of one tool" },
    { name: rateNames[risk], counted: `${risk} calls` },
  ];
}

/** Counts a call. Nothing may be used up before all is known to have room. */
function use(entry: Entry, usages: readonly Usage[], nowMs: number): void {
  const rates = usages.slice(0, -1);
  const session = usages.at(-1);
  checkRates(entry, rates, nowMs);
  if (session === undefined) return;
  checkSession(entry, session, nowMs);
  for (const usage of rates) usage.calls += 1;
  session.calls += 1;
  session.bytes += entry.argumentBytes;
  if (entry.isDestructive) session.destructiveCalls += 1;
}

function checkRates(entry: Entry, usages: readonly Usage[], nowMs: number): void {
  const { limits } = entry;
  for (const [index, { name, counted }] of ratesOf(entry).entries()) {
    const usage = usages[index];
    if (usage === undefined) continue;
    const perMinute = limits[name].value;
    const wait = waitMs(usage, nowMs, perMinute);
    if (wait === 0) continue;
    const used = Math.ceil(levelAt(usage, nowMs, perMinute));
    refuse(entry, { limit: name, used, unit: `${counted} a minute`, ...retryAfter(wait) });
  }
}

function checkSession(entry: Entry, session: Usage, nowMs: number): void {
  const { limits, argumentBytes, isDestructive } = entry;
  const windowMs = limits.sessionWindowMs.value;
  const used = usedAt(session, nowMs, windowMs);
  const freeIn = freeInMs(session, nowMs, windowMs);
  const isOver = (name: LimitName, wanted: number): boolean => wanted > limits[name].value;
  const tell = (limit: LimitName, amount: number, unit: string): void => {
    // A call that has no room in an empty window needs not wait for one.
    const alone = limit === "sessionBytes" ? argumentBytes : 1;
    const wait = isOver(limit, alone) ? undefined : freeIn;
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
