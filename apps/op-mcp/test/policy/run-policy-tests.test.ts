import { describe, expect, it } from "vitest";
import { PolicyTableError } from "../../src/policy/policy-error.ts";
import { parsePolicyTable } from "../../src/policy/policy-table.ts";
import { runPolicyTests } from "../../src/policy/run-policy-tests.ts";
import { monday, policyOf } from "./policies.ts";

const policy = policyOf({
  rules: [
    { name: "night", effect: "deny", tools: ["unit_*"], when: { from: "22:00", to: "06:00" } },
    { name: "web", effect: "allow", tools: ["unit_*"], args: { unit: { glob: ["nginx*"] } } },
    { name: "no cursor", effect: "deny", principals: ["client:cursor"], risks: ["write"] },
  ],
});

const tools = [
  { name: "unit_stop", source: "dbus", category: "units", tags: [], risk: "write" },
] as const;

const table = `
- { as: unix:uid=1000, tool: unit_stop, expect: allow, rule: "role:admin" }
- { as: unix:uid=1000, tool: unit_stop, client: cursor, expect: deny, rule: no cursor }
- as: { id: oauth:sub=bob@example.org, scopes: [mcp] }
  tool: unit_stop
  args: { unit: nginx.service }
  expect: allow
  rule: web
- as: oauth:sub=bob@example.org
  tool: unit_stop
  at: 2026-10-05T23:30:00Z
  expect: deny
  rule: night
- { as: unix:uid=1000, tool: unheard_of, expect: ask }
- { as: anonymous, tool: unit_stop, risk: read, expect: allow }
- { as: unix:uid=1000, tool: unit_stop, risk: read, expect: allow, rule: web }
`;

describe("examples of a policy", () => {
  it("are decided one by one, and told where they come out otherwise", async () => {
    const examples = await parsePolicyTable(table);
    const results = runPolicyTests(policy, examples, { atMs: monday, tools });
    expect(results.map(({ isOk }) => isOk)).toEqual([true, true, true, true, true, false, false]);
    expect(results.map(({ text }) => text)).toMatchInlineSnapshot(`
      [
        "ok: "unix:uid=1000" calls "unit_stop": allow by "role:admin"",
        "ok: "unix:uid=1000" calls "unit_stop": deny by "no cursor"",
        "ok: "oauth:sub=bob@example.org" calls "unit_stop": allow by "web"",
        "ok: "oauth:sub=bob@example.org" calls "unit_stop": deny by "night"",
        "ok: "unix:uid=1000" calls "unheard_of": ask by "role:admin"",
        "not ok: "anonymous" calls "unit_stop": expected allow, but it is deny by "default". "anonymous" has no role, and no rule allows the call.",
        "not ok: "unix:uid=1000" calls "unit_stop": expected allow by "web", but it is allow by "role:reader". The role "reader" allows read calls, and no rule says otherwise.",
      ]
    `);
    expect(results[4]?.request.risk).toBe("destructive");
    expect(results[2]?.request).toMatchObject({ source: "dbus", category: "units", atMs: monday });
  });

  it("may be values that were read already", async () => {
    const [example] = await parsePolicyTable([{ as: "key:ci", tool: "x", expect: "deny" }]);
    expect(example).toMatchObject({ as: { id: "key:ci", scopes: [], groups: [] }, args: {} });
  });

  it.each([
    ["- { tool: x, expect: deny }", "[0].as"],
    ["- { as: a, tool: x, expect: denied }", "[0].expect"],
    ["- { as: a, tool: x, expect: deny, tols: [] }", "[0].tols is not a known key"],
    ["as: a", "must be a list"],
    ["- [", "cannot be read"],
    ["- { as: a, tool: x, expect: deny, at: tomorrow }", "[0].at"],
  ])("are refused where they are not understood: %s", async (text, message) => {
    const error: unknown = await parsePolicyTable(text).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(PolicyTableError);
    expect(String(error)).toContain(message);
  });
});
