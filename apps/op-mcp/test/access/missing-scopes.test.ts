import { describe, expect, it } from "vitest";
import { findMissingScopes } from "../../src/access/missing-scopes.ts";
import { compilePolicy } from "../../src/policy/compile-policy.ts";
import { withOwnUid } from "../../src/policy/own-uid.ts";
import { PolicyConfig, type PolicyInput } from "../../src/policy/policy-config.ts";

const all = ["mcp.read", "mcp.write", "mcp.night"];

function missing(
  policy: PolicyInput,
  { id = "oauth:sub=alice", scopes = ["mcp.read"], offered = all } = {},
): readonly string[] {
  const compiled = compilePolicy(withOwnUid(PolicyConfig.parse(policy), 1));
  const request = {
    principal: { id, scopes },
    tool: "rename",
    source: "test",
    category: "test",
    risk: "write",
    args: {},
    atMs: 0,
  } as const;
  return findMissingScopes(compiled, request, offered);
}

const byScope: PolicyInput = {
  roles: { operator: { principals: ["oauth:scope=mcp.write"] } },
};
const allow = { effect: "allow" as const, tools: ["rename"] };

describe("the scopes a token lacks", () => {
  it("are those that give a role which may", () => {
    expect(missing(byScope)).toEqual(["mcp.write"]);
  });

  it("are those a rule names", () => {
    const rules = [{ ...allow, principals: ["oauth:scope=mcp.night"] }];
    expect(missing({ rules })).toEqual(["mcp.night"]);
  });

  it("are none where the call is denied whatever the token has", () => {
    const rules = [{ effect: "deny" as const, tools: ["rename"] }];
    expect(missing({ ...byScope, rules })).toEqual([]);
  });

  it("are none for whoever came without a token, and none that are not offered", () => {
    expect(missing(byScope, { id: "key:ci" })).toEqual([]);
    expect(missing(byScope, { offered: ["mcp.night"] })).toEqual([]);
  });
});
