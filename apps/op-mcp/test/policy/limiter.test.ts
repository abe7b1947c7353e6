import * as fc from "fast-check";
import { createManualClock } from "op-core/testing";
import { describe, expect, it } from "vitest";
import { createMemoryLimits } from "../../src/policy/limit-store.ts";
import { createLimiter, type LimitedCall, type Ticket } from "../../src/policy/limiter.ts";
import type { PolicyInput } from "../../src/policy/policy-config.ts";
import { LimitExceededError } from "../../src/policy/policy-error.ts";
import { bob, policyOf, self } from "./policies.ts";

const read: LimitedCall = { principal: bob, tool: "unit_list", source: "dbus", risk: "read" };
const stop: LimitedCall = { ...read, tool: "unit_stop", risk: "destructive" };

function limiterOf(limits: PolicyInput["limits"], maxRemembered = 100) {
  const clock = createManualClock();
  const store = createMemoryLimits({ clock, maxRemembered });
  const limiter = createLimiter(policyOf({ limits }), store);
  const enter = (call: LimitedCall = read, bytes = 10, session = "s1"): Ticket => {
    const entered = limiter.enter(call, session, bytes);
    if (entered instanceof Promise) throw new Error("a store in memory needs no time");
    return entered;
  };
  /** A call that is over at once. */
  const call = (...parts: Parameters<typeof enter>): void => enter(...parts).leave(10);
  return { clock, store, enter, call };
}

function refusalOf(action: () => unknown): LimitExceededError | undefined {
  try {
    action();
  } catch (error) {
    if (error instanceof LimitExceededError) return error;
    throw error;
  }
  return undefined;
}

function refusal(action: () => unknown): LimitExceededError {
  const error = refusalOf(action);
  if (error === undefined) throw new Error("it was let in");
  return error;
}

describe("rates", () => {
  it("let a minute's calls in at once, and then one as each is forgotten", async () => {
    const { clock, call } = limiterOf({ callsPerMinute: 3 });
    for (let count = 0; count < 3; count += 1) call();
    const error = refusal(() => call());
    expect(error).toMatchObject({
      code: "ERR_LIMIT_EXCEEDED",
      retryable: true,
      data: {
        limit: "callsPerMinute",
        used: 3,
        allowed: 3,
        retryAfterMs: 20_000,
        configKey: "policy.limits.callsPerMinute",
      },
    });
    expect(error.message).toBe(
      'The call of "unit_list" by "oauth:sub=bob@example.org" was refused: 3 of at most 3 calls a minute.',
    );
    expect(error.advice).toBe(
      "Try again in 20000 ms, or raise `policy.limits.callsPerMinute` in op-mcp's configuration.",
    );
    await clock.advance(19_999);
    expect(refusal(() => call()).data["retryAfterMs"]).toBe(1);
    await clock.advance(1);
    call();
    refusal(() => call());
  });

  it("are of each caller, of each tool and of each risk", () => {
    const { call } = limiterOf({ toolCallsPerMinute: 2, destructiveCallsPerMinute: 3 });
    call(stop);
    call(stop);
    expect(refusal(() => call(stop)).data["limit"]).toBe("toolCallsPerMinute");
    call({ ...stop, tool: "unit_kill" });
    const other = { ...stop, tool: "unit_mask" };
    expect(refusal(() => call(other)).data["limit"]).toBe("destructiveCallsPerMinute");
    call({ ...other, risk: "privileged" });
    call({ ...stop, principal: self });
    call({ ...stop, source: "agents", risk: "write" });
    expect(refusal(() => call({ ...other, risk: "unheard-of" as "read" })).data["limit"]).toBe(
      "destructiveCallsPerMinute",
    );
  });

  it("are never free where nothing is allowed", () => {
    const { call } = limiterOf({ privilegedCallsPerMinute: 0 });
    const error = refusal(() => call({ ...read, risk: "privileged" }));
    expect(error.retryable).toBe(false);
    expect(error.data).not.toHaveProperty("retryAfterMs");
    expect(error.advice).toContain("policy.limits.privilegedCallsPerMinute");
  });

  it("count nothing that was refused", async () => {
    const { clock, call } = limiterOf({ callsPerMinute: 1 });
    call();
    for (let count = 0; count < 100; count += 1) refusal(() => call());
    await clock.advance(60_000);
    expect(refusalOf(() => call())).toBeUndefined();
  });

  it("never let more in than a minute's calls and what was forgotten", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 20 }),
        fc.array(fc.integer({ min: 0, max: 20_000 }), { minLength: 30, maxLength: 60 }),
        async (perMinute, pauses) => {
          const { clock, call } = limiterOf({ callsPerMinute: perMinute });
          let count = 0;
          for (const pause of pauses) {
            await clock.advance(pause);
            const forgotten = (clock.monotonic() / 60_000) * perMinute;
            const error = refusalOf(() => call());
            if (error === undefined) count += 1;
            expect(error?.data["retryAfterMs"] ?? 1).toBeGreaterThan(0);
            expect(error?.data["used"] ?? 0).toBeLessThanOrEqual(perMinute);
            expect(count).toBeLessThanOrEqual(perMinute + forgotten + 1e-6);
          }
        },
      ),
      { seed: 3, numRuns: 50 },
    );
  });
});

describe("calls at the same time", () => {
  it("are counted in and out, however they end", () => {
    const { enter } = limiterOf({ concurrentCalls: 2 });
    const first = enter();
    const second = enter(stop);
    const error = refusal(() => enter());
    expect(error).toMatchObject({
      retryable: true,
      data: { limit: "concurrentCalls", used: 2, allowed: 2 },
    });
    expect(error.advice).toContain("when a running call has ended");
    enter({ ...read, principal: self });
    first.leave(10);
    first.leave(10);
    first[Symbol.dispose]();
    const third = enter();
    refusal(() => enter());
    second[Symbol.dispose]();
    enter();
    third[Symbol.dispose]();
    enter();
  });
});

describe("sizes", () => {
  it("of arguments keep a call out", () => {
    const { call } = limiterOf({ argumentBytes: 100 });
    call(read, 100);
    const error = refusal(() => call(read, 101));
    expect(error).toMatchObject({
      retryable: false,
      data: { limit: "argumentBytes", used: 101, allowed: 100 },
    });
    expect(error.advice).toBe(
      "Ask for less, or raise `policy.limits.argumentBytes` in op-mcp's configuration.",
    );
  });

  it("of a result are told when the call is over, and it is over", () => {
    const { enter } = limiterOf({ resultBytes: 100, concurrentCalls: 1 });
    enter().leave(100);
    const ticket = enter();
    expect(refusal(() => ticket.leave(101)).data).toMatchObject({
      limit: "resultBytes",
      used: 101,
    });
    ticket.leave(101);
    enter();
  });
});

describe("a session's budget", () => {
  it("of calls is free again when its window is over", async () => {
    const { clock, call } = limiterOf({ sessionCalls: 2, sessionWindowMs: 60_000 });
    await clock.advance(5000);
    call();
    await clock.advance(10_000);
    call();
    const error = refusal(() => call());
    expect(error.data).toMatchObject({ limit: "sessionCalls", used: 2, retryAfterMs: 50_000 });
    call(read, 10, "s2");
    call({ ...read, principal: self });
    await clock.advance(49_999);
    refusal(() => call());
    await clock.advance(1);
    call();
  });

  it("of bytes counts arguments and results", () => {
    const { enter, call } = limiterOf({ sessionBytes: 100 });
    enter(read, 40).leave(40);
    expect(refusal(() => call(read, 21)).data).toMatchObject({ limit: "sessionBytes", used: 80 });
    enter(read, 20).leave(1000);
    expect(refusal(() => call(read, 1)).data["used"]).toBe(1100);
    expect(refusal(() => call(read, 101)).retryable).toBe(false);
  });

  it("of grave calls counts destructive and privileged ones", () => {
    const { call } = limiterOf({ sessionDestructiveCalls: 2 });
    call(stop);
    call({ ...stop, risk: "privileged" });
    expect(refusal(() => call(stop)).data["limit"]).toBe("sessionDestructiveCalls");
    call(read);
  });
});

describe("other limits for some", () => {
  it("count before the general ones, the first that fits and says something", () => {
    const { call } = limiterOf({
      callsPerMinute: 3,
      overrides: [
        { tools: ["unit_*"], principals: ["unix:uid=*"], limits: { argumentBytes: 50 } },
        { roles: ["admin"], limits: { callsPerMinute: 1, argumentBytes: 500 } },
      ],
    });
    const mine = { ...read, principal: self };
    expect(refusal(() => call(mine, 51)).data["configKey"]).toBe(
      "policy.limits.overrides[0].limits.argumentBytes",
    );
    call(mine, 50);
    expect(refusal(() => call(mine)).data["configKey"]).toBe(
      "policy.limits.overrides[1].limits.callsPerMinute",
    );
    for (let count = 0; count < 3; count += 1) call(read, 1000);
    expect(refusal(() => call()).data["configKey"]).toBe("policy.limits.callsPerMinute");
  });
});

describe("memory", () => {
  it("is bounded, however many callers and sessions there are", () => {
    const { store, call } = limiterOf({}, 10);
    for (let count = 0; count < 1000; count += 1) {
      const principal = { id: `oauth:sub=${count}`, scopes: [] };
      call({ ...read, principal, tool: `tool${count}` }, 1, `session${count}`);
    }
    expect(store.size).toBe(5 * 10 + 10 + 10);
    store[Symbol.dispose]();
    expect(store.size).toBe(0);
  });

  it("forgets no running call", () => {
    const { enter, call } = limiterOf({ concurrentCalls: 1 }, 1);
    const ticket = enter();
    for (let count = 0; count < 50; count += 1) {
      call({ ...read, principal: { id: `oauth:sub=${count}`, scopes: [] } });
    }
    expect(refusal(() => call()).data["limit"]).toBe("concurrentCalls");
    ticket.leave(0);
    call();
  });
});
