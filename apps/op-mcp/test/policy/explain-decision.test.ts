import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compilePolicy } from "../../src/policy/compile-policy.ts";
import { explainDecision } from "../../src/policy/explain-decision.ts";
import { policyOf, request } from "./policies.ts";
import { anyPolicy, anyRequest } from "./random-policy.ts";

describe("explaining a decision", () => {
  it("goes through every rule and says why it fits or not", () => {
    const policy = policyOf({
      rules: [
        { name: "frozen", effect: "deny", tools: ["disk_*"], risks: ["destructive"] },
        { name: "office", effect: "allow", when: { from: "22:00" } },
        { name: "forced", effect: "ask", args: { force: { equals: true } } },
        { name: "web", effect: "allow", principals: ["oauth:scope=mcp"], sources: ["dbus"] },
        { name: "rest", effect: "allow", roles: ["admin"] },
      ],
    });
    const { decision, rules, roles, permissions, text } = explainDecision(policy, request());
    expect(decision).toMatchObject({ verdict: "ask", rule: "forced" });
    expect(roles).toEqual(["reader"]);
    expect(permissions).toEqual([{ role: "reader", permission: "deny" }]);
    expect(rules.map(({ rule, fits, isDecisive }) => [rule, fits, isDecisive])).toEqual([
      ["frozen", "no", false],
      ["office", "no", false],
      ["forced", "unknown", true],
      ["web", "yes", false],
      ["rest", "no", false],
    ]);
    expect(text).toMatchInlineSnapshot(`
      "ask: "oauth:sub=bob@example.org" calls "unit_stop" (write), by "forced"
      The rule "forced" wants a person to agree. The call does not say enough about \`args.force\` to rule it out.

      Roles: reader (write: deny)
      Rules:
        deny    "frozen" does not fit: tools: ["disk_*"] and not "unit_stop"; risks: ["destructive"] and not "write"
        allow   "office" does not fit: when does not hold
      → ask     "forced" may fit: args.force cannot be told from the call
        allow   "web" fits
        allow   "rest" does not fit: roles: ["admin"] and not "reader""
    `);
  });

  it("says how to allow what is denied, and that there are no rules", () => {
    const { text } = explainDecision(policyOf(), request());
    expect(text).toContain("deny:");
    expect(text).toContain("policy:\n  rules:");
    expect(text).toContain("Rules: none");
  });

  it("agrees with the decision, whatever the policy and the call", { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(anyPolicy, anyRequest, (config, call) => {
        const policy = compilePolicy(config);
        const { decision, rules } = explainDecision(policy, call);
        expect(decision).toEqual(policy.decide(call));
        const decisive = rules.filter(({ isDecisive }) => isDecisive);
        expect(decisive.length).toBe(/^(?:role:|default$)/.test(decision.rule) ? 0 : 1);
        expect(decisive.every(({ fits }) => fits !== "no")).toBe(true);
        const firm = rules.find(({ effect, fits }) => effect === "deny" && fits !== "no");
        expect(firm === undefined || decision.rule === firm.rule).toBe(true);
      }),
      { seed: 7, numRuns: 1000 },
    );
  });
});
