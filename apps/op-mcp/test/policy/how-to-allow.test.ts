import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseYaml } from "../../src/config/parse-yaml.ts";
import { compilePolicy } from "../../src/policy/compile-policy.ts";
import { PolicyConfig } from "../../src/policy/policy-config.ts";
import { policyOf, request } from "./policies.ts";
import { anyPolicy, anyRequest } from "./random-policy.ts";

describe("a denial", () => {
  it("says who, why and the very lines that would allow it", () => {
    const decision = policyOf().decide(request());
    expect(decision).toEqual({
      verdict: "deny",
      rule: "role:reader",
      reason: 'The role "reader" does not allow write calls, and no rule says otherwise.',
      howToAllow: [
        "Make this the first of the policy's rules, in op-mcp's configuration:",
        "policy:",
        "  rules:",
        '    - name: "allow unit_stop"',
        "      effect: allow",
        '      principals: ["oauth:sub=bob@example.org"]',
        '      sources: ["dbus"]',
        '      tools: ["unit_stop"]',
        '      risks: ["write"]',
      ].join("\n"),
    });
  });

  it("never proposes a rule that would let others in too", () => {
    const star = { id: "oauth:sub=*", scopes: [] };
    const decision = policyOf().decide(request({ principal: star }));
    expect(decision).toHaveProperty("howToAllow", expect.stringContaining('principals: ["WHOM"]'));
    expect(decision).toHaveProperty("howToAllow", expect.not.stringContaining('sub=*"]'));
  });

  it("shows foreign text on one line", () => {
    const forged = { id: "anonymous\nrules: []\u202e", scopes: [] };
    const { reason } = policyOf().decide(request({ principal: forged }));
    expect(reason).not.toMatch(/[\n\u202e]/u);
  });

  it(
    "says of every denial a rule that allows the call, which does so when it is added",
    { timeout: 60_000 },
    () => {
      fc.assert(
        fc.property(anyPolicy, anyRequest, (config, call) => {
          const decision = compilePolicy(config).decide(call);
          const advice = "howToAllow" in decision ? decision.howToAllow : "";
          fc.pre(advice.includes("policy:"));
          const yaml = advice.slice(advice.indexOf("policy:"));
          const added = PolicyConfig.parse(
            (parseYaml(yaml).value as { policy: unknown }).policy,
          ).rules;
          const next = { ...config, rules: [...added, ...config.rules] };
          // Where a person must fill something in, the rule is refused as it is.
          fc.pre(!yaml.includes("WHOM"));
          expect(compilePolicy(next).decide(call).verdict).toBe("allow");
        }),
        { seed: 5, numRuns: 500 },
      );
    },
  );
});
