import { createManualClock } from "op-core/testing";
import { describe, expect, it } from "vitest";
import { createMemoryLimits } from "../../src/policy/limit-store.ts";
import { createLimiter } from "../../src/policy/limiter.ts";
import { createLivePolicy } from "../../src/policy/live-policy.ts";
import { PolicyConfig } from "../../src/policy/policy-config.ts";
import { PolicyError } from "../../src/policy/policy-error.ts";
import { bob, configOf, request } from "./policies.ts";

const open = configOf({ rules: [{ name: "open", effect: "allow" }] });
const shut = configOf({ rules: [{ name: "shut", effect: "deny" }] });

describe("a live policy", () => {
  it("is replaced as a whole, and says what it was and is", () => {
    const live = createLivePolicy(open);
    const before = live.fingerprint;
    const decided = live.decide(request());
    const old = live.current;
    expect(live.replace(shut)).toEqual({ outcome: "replaced", before, after: live.fingerprint });
    expect(live.fingerprint).not.toBe(before);
    expect(live.decide(request())).toMatchObject({ verdict: "deny", rule: "shut" });
    expect(live.config).toBe(shut);
    expect(live.rules.map(({ name }) => name)).toEqual(["shut"]);
    const tool = {
      name: "unit_stop",
      source: "dbus",
      category: "units",
      tags: [],
      risk: "read",
    } as const;
    expect(live.mayEverCall(bob, tool)).toBe(false);
    expect(live.rolesOf(bob)).toEqual(["reader"]);
    // What was decided stays decided, and who asked the old one goes on with it.
    expect(decided).toMatchObject({ verdict: "allow", rule: "open" });
    expect(old.decide(request())).toEqual(decided);
  });

  it("stays as it is where the next one cannot work", () => {
    const live = createLivePolicy(open);
    const broken = PolicyConfig.parse({
      rules: [{ effect: "deny" }, { effect: "allow", principals: ["client:x"] }],
    });
    const replacement = live.replace(broken);
    expect(replacement).toMatchObject({ outcome: "refused", fingerprint: live.fingerprint });
    expect(replacement).toHaveProperty("error", expect.any(PolicyError));
    expect(live.decide(request())).toMatchObject({ verdict: "allow", rule: "open" });
  });

  it("says that nothing changed where the next one says the same", () => {
    const live = createLivePolicy(open);
    const { current } = live;
    expect(live.replace(structuredClone(open))).toMatchObject({ outcome: "unchanged" });
    expect(live.current).toBe(current);
  });

  it("does not begin with one that cannot work", () => {
    expect(() => createLivePolicy(PolicyConfig.parse({}))).toThrow(PolicyError);
  });

  it("has limits that count at once, also for those who used up the old ones", () => {
    const live = createLivePolicy(configOf({ limits: { callsPerMinute: 1 } }));
    const store = createMemoryLimits({ clock: createManualClock() });
    const limiter = createLimiter(live, store);
    const enter = () => {
      const entered = limiter.enter(request(), "s", 1);
      return entered instanceof Promise ? undefined : entered;
    };
    enter()?.leave(1);
    expect(enter).toThrow("1 of at most 1 calls a minute");
    live.replace(configOf({ limits: { callsPerMinute: 2 } }));
    enter()?.leave(1);
    expect(enter).toThrow("2 of at most 2 calls a minute");
  });
});
