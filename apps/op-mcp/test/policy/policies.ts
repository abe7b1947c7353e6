import type { Principal } from "op-tools";
import { compilePolicy } from "../../src/policy/compile-policy.ts";
import { withOwnUid } from "../../src/policy/own-uid.ts";
import { PolicyConfig, type PolicyInput } from "../../src/policy/policy-config.ts";
import type { Policy, PolicyRequest } from "../../src/policy/policy.ts";

/** The user that op-mcp runs as. */
const ownUid = 1000;

export const self: Principal = { id: "unix:uid=1000", scopes: [] };
export const bob: Principal = { id: "oauth:sub=bob@example.org", scopes: ["mcp"] };
export const nobody: Principal = { id: "anonymous", scopes: [] };

/** Monday, 5 October 2026, 09:30 UTC. */
export const monday = Date.UTC(2026, 9, 5, 9, 30);

/** What a file says, complete. */
export function configOf(input: PolicyInput = {}): PolicyConfig {
  return withOwnUid(PolicyConfig.parse(input), ownUid);
}

/** What a file says, ready to decide. */
export function policyOf(input: PolicyInput = {}): Policy {
  return compilePolicy(configOf(input));
}

/** One rule and nothing else. */
export function policyOfRule(rule: NonNullable<PolicyInput["rules"]>[number]): Policy {
  return policyOf({ rules: [rule] });
}

/** A call by bob that writes, unless told otherwise. */
export function request(parts: Partial<PolicyRequest> = {}): PolicyRequest {
  return {
    principal: bob,
    tool: "unit_stop",
    source: "dbus",
    category: "units",
    risk: "write",
    args: {},
    atMs: monday,
    ...parts,
  };
}

/** What becomes of a call, and what says so. */
export function verdict(policy: Policy, parts: Partial<PolicyRequest>): string {
  const { verdict: what, rule } = policy.decide(request(parts));
  return `${what} by ${rule}`;
}
