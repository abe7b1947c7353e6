import { expect, it } from "vitest";
import { withOwnUid } from "../../src/policy/own-uid.ts";
import { PolicyConfig } from "../../src/policy/policy-config.ts";

it("puts the own uid wherever callers are named", () => {
  const config = PolicyConfig.parse({
    roles: { night: { principals: ["key:a", "unix:uid=self"] } },
    rules: [{ effect: "deny", principals: ["unix:uid=self"] }],
    limits: { overrides: [{ principals: ["unix:uid=self"], limits: {} }] },
  });
  const { roles, rules, limits, approval } = withOwnUid(config, 7);
  expect(Object.keys(roles)).toEqual(Object.keys(config.roles));
  expect(roles.admin.principals).toEqual(["unix:uid=7"]);
  expect(roles["night"]?.principals).toEqual(["key:a", "unix:uid=7"]);
  expect(rules[0]?.principals).toEqual(["unix:uid=7"]);
  expect(limits.overrides[0]?.principals).toEqual(["unix:uid=7"]);
  expect(approval).toEqual(config.approval);
  expect(JSON.stringify(config)).toContain("unix:uid=self");
});
