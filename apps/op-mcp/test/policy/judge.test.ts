import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compilePolicy } from "../../src/policy/compile-policy.ts";
import type { PolicyInput } from "../../src/policy/policy-config.ts";
import { bob, nobody, policyOf, policyOfRule, request, self, verdict } from "./policies.ts";
import { anyPolicy, anyRequest } from "./random-policy.ts";
import { decideSlowly } from "./reference-policy.ts";

describe("deciding", () => {
  it("agrees with a slow and plain reading of the rules, for 120,000 calls", () => {
    const verdicts = new Map<string, number>();
    const requests = fc.array(anyRequest, { minLength: 60, maxLength: 60, size: "max" });
    fc.assert(
      fc.property(anyPolicy, requests, (config, calls) => {
        const policy = compilePolicy(config);
        for (const call of calls) {
          const { verdict: what, rule } = policy.decide(call);
          verdicts.set(what, (verdicts.get(what) ?? 0) + 1);
          expect({ verdict: what, rule }).toEqual(decideSlowly(config, call));
        }
      }),
      { seed: 4, numRuns: 2000 },
    );
    const count = [...verdicts.values()].reduce((sum, one) => sum + one, 0);
    expect(count).toBeGreaterThanOrEqual(100_000);
    for (const one of ["allow", "ask", "dry-run", "deny"]) {
      expect(verdicts.get(one), one).toBeGreaterThan(count / 50);
    }
  }, 60_000);
});

describe("a call that does not say enough", () => {
  const force = { "options.force": { equals: true } };

  it("is allowed by no rule that looks at it", () => {
    const policy = policyOfRule({ name: "r", effect: "allow", args: force });
    expect(verdict(policy, { args: { options: { force: true } } })).toBe("allow by r");
    for (const args of [{}, { options: {} }, { options: { force: "true" } }, { options: 1 }]) {
      expect(verdict(policy, { args })).toBe("deny by role:reader");
    }
  });

  it("is denied by every rule that looks at it, and told what to say", () => {
    const policy = policyOf({
      rules: [
        { name: "no", effect: "deny", args: force },
        { name: "yes", effect: "allow" },
      ],
    });
    expect(verdict(policy, { args: { options: { force: false } } })).toBe("allow by yes");
    const decision = policy.decide(request());
    expect(decision).toMatchObject({ verdict: "deny", rule: "no" });
    expect(decision.reason).toContain("does not say enough about `args.options.force`");
    expect(decision).toHaveProperty("howToAllow", expect.stringContaining("`absent: false`"));
  });

  it("is not denied where the rule demands that the argument is there", () => {
    const policy = policyOf({
      rules: [
        { name: "no", effect: "deny", args: { "options.force": { equals: true, absent: false } } },
        { name: "yes", effect: "allow" },
      ],
    });
    expect(verdict(policy, {})).toBe("allow by yes");
    expect(verdict(policy, { args: { options: { force: true } } })).toBe("deny by no");
    expect(verdict(policy, { args: { options: { force: 1 } } })).toBe("deny by no");
  });

  it("is asked about where the rest would allow it, and stays denied where it would not", () => {
    const rules = [{ name: "ask", effect: "ask" as const, args: force }];
    expect(verdict(policyOf({ rules }), { risk: "read" })).toBe("ask by ask");
    expect(verdict(policyOf({ rules }), {})).toBe("deny by role:reader");
    const allowed = policyOf({ rules: [...rules, { name: "yes", effect: "allow" }] });
    expect(verdict(allowed, {})).toBe("ask by ask");
  });

  it("is held to the tightest of the rules that may fit", () => {
    const policy = policyOf({
      rules: [
        { name: "ask", effect: "ask", args: force },
        { name: "dry", effect: "dry-run", args: force },
        { name: "yes", effect: "allow" },
      ],
    });
    expect(verdict(policy, {})).toBe("dry-run by dry");
  });
});

describe("whether a tool may ever be called", () => {
  const tool = {
    name: "unit_stop",
    source: "dbus",
    category: "units",
    tags: [],
    risk: "write",
  } as const;

  it("follows the roles where there are no rules", () => {
    const policy = policyOf();
    expect(policy.mayEverCall(self, tool)).toBe(true);
    expect(policy.mayEverCall(bob, tool)).toBe(false);
    expect(policy.mayEverCall(bob, { ...tool, risk: "read" })).toBe(true);
    expect(policy.mayEverCall(bob, { ...tool, leastRisk: "read" })).toBe(true);
    expect(policy.mayEverCall(nobody, { ...tool, risk: "read" })).toBe(false);
  });

  it("is told apart from whether it may be called now, so or by this client", () => {
    const may = (rule: Parameters<typeof policyOfRule>[0]): boolean =>
      policyOfRule(rule).mayEverCall(self, tool);
    expect(may({ effect: "deny", tools: ["unit_*"] })).toBe(false);
    expect(may({ effect: "deny", tools: ["unit_*"], when: { from: "22:00" } })).toBe(true);
    expect(may({ effect: "deny", args: { unit: { equals: "sshd" } } })).toBe(true);
    expect(may({ effect: "deny", principals: ["client:*"] })).toBe(true);
    expect(may({ effect: "deny", risks: ["destructive"] })).toBe(true);
  });

  it("is no for whoever has no role and is asked about before they are named", () => {
    const named = { effect: "allow" as const, principals: ["anonymous"] };
    const may = (rules: PolicyInput["rules"]): boolean =>
      policyOf({ rules }).mayEverCall(nobody, tool);
    expect(may([named])).toBe(true);
    expect(may([{ effect: "ask" }, named])).toBe(false);
    expect(may([{ effect: "ask", when: { from: "22:00" } }, named])).toBe(true);
    expect(may([{ effect: "allow" }, named])).toBe(true);
    expect(may([{ effect: "allow" }])).toBe(false);
  });

  it(
    "is never denied of a tool of which some call is more than denied",
    { timeout: 60_000 },
    () => {
      fc.assert(
        fc.property(
          anyPolicy,
          fc.array(anyRequest, { minLength: 30, maxLength: 30 }),
          (config, calls) => {
            const policy = compilePolicy(config);
            for (const call of calls) {
              if (policy.decide(call).verdict === "deny") continue;
              const { principal, tool: name, source, category, risk } = call;
              expect(
                policy.mayEverCall(principal, { name, source, category, risk, tags: [] }),
              ).toBe(true);
            }
          },
        ),
        { seed: 6, numRuns: 500 },
      );
    },
  );
});
