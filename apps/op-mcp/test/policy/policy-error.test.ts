import { expect, it } from "vitest";
import { PolicyDeniedError } from "../../src/policy/policy-error.ts";
import { policyOf, request } from "./policies.ts";

it("a denied call says who called what, why not, by which rule, and what would allow it", () => {
  const call = request({ risk: "destructive" });
  const decision = policyOf({
    rules: [{ name: "frozen", effect: "deny", reason: "We are on holiday." }],
  }).decide(call);
  if (decision.verdict !== "deny") throw new Error("it was not denied");
  const error = new PolicyDeniedError(call, decision);
  expect(error.message).toBe(
    'The policy does not allow "oauth:sub=bob@example.org" to call "unit_stop": The rule "frozen" denies it: We are on holiday.',
  );
  expect(error.advice).toBe(
    'To allow it, remove "frozen" from policy.rules, or narrow it: no rule that allows is stronger than one that denies.',
  );
  expect(error).toMatchObject({
    code: "ERR_POLICY_DENIED",
    retryable: false,
    data: { tool: "unit_stop", risk: "destructive", rule: "frozen" },
  });
});
