import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkPolicy } from "../../src/policy/check-policy.ts";
import { compilePolicy } from "../../src/policy/compile-policy.ts";
import { formatPolicyProblem } from "../../src/policy/policy-error.ts";
import type { ListedTool } from "../../src/policy/policy.ts";
import { findShadowedRules } from "../../src/policy/shadowed-rules.ts";
import { anyPolicy, anyRequest } from "./random-policy.ts";

const tools: readonly ListedTool[] = [
  { name: "unit_stop", source: "dbus", category: "units", tags: [], risk: "write" },
  { name: "disk_usage", source: "builtin", category: "disk", tags: [], risk: "read" },
];

async function check(
  policy: unknown,
  options?: Parameters<typeof checkPolicy>[1],
): Promise<readonly string[]> {
  const problems = await checkPolicy(policy, options);
  return problems.map((problem) => `${problem.severity}: ${formatPolicyProblem(problem)}`);
}

describe("checking a policy", () => {
  it("finds nothing wrong with nothing, and with what is usual", async () => {
    expect(await check("")).toEqual([]);
    expect(await check({})).toEqual([]);
    const usual = "rules:\n  - {name: a, effect: allow, tools: [unit_*], risks: [write]}\n";
    expect(await check(usual, { tools })).toEqual([]);
  });

  it("says file and line of what is not understood", async () => {
    const text = [
      "roles:",
      "  admin: { principal: [a] }",
      "rules:",
      "  - effect: permit",
      "  - effect: allow",
      "    tools: []",
      "  - effect: allow",
      "    args: { unit: { equals: [1] } }",
      "limits:",
      "  callsPerMinute: -1",
      "  sessionCalls: many",
    ].join("\n");
    expect(await check(text, { file: "p.yaml" })).toEqual([
      "error: p.yaml:2: roles.admin.principal is not a known key.",
      'error: p.yaml:4: rules[0].effect must be "allow" or "ask" or "dry-run" or "deny".',
      "error: p.yaml:6: rules[1].tools must not be empty.",
      "error: p.yaml:8: rules[2].args.unit.equals must be text or a number or true or false or null.",
      "error: p.yaml:10: limits.callsPerMinute must be at least 0.",
      "error: p.yaml:11: limits.sessionCalls must be a number.",
    ]);
    expect(await check("rules:\n  - {}")).toEqual(["error: rules[0].effect is missing."]);
    expect(await check("[]")).toEqual(["error: The policy must be an object."]);
  });

  it("says what cannot be read, in every format", async () => {
    expect(await check("rules: [", { file: "p.yaml" })).toEqual([
      expect.stringContaining("error: p.yaml: The policy cannot be read: "),
    ]);
    expect(await check("{", { file: "p.json" })).toHaveLength(1);
    expect(await check('rules = [{effect = "deny"}]', { file: "p.toml" })).toEqual([]);
  });

  it("finds rules that cannot work, with their lines", async () => {
    const text =
      "rules:\n  - effect: deny\n  - name: b\n    effect: allow\n    principals: [client:x]";
    expect(await check(text, { file: "p.yaml" })).toEqual([
      'error: p.yaml:5: rules[1] "b" rests on "client:x", which any client may call itself. Only a rule that denies may name a client; name who calls instead.',
    ]);
  });

  it("warns of names that no tool has, where tools are known", async () => {
    const policy = {
      rules: [
        { name: "a", effect: "deny", tools: ["unit_stap", "unit_*"] },
        {
          name: "b",
          effect: "deny",
          sources: ["dbsu"],
          categories: ["network"],
          tools: ["disk_*"],
        },
      ],
    };
    expect(await check(policy)).toEqual([]);
    expect(await check(policy, { tools })).toEqual([
      'warning: rules[0] "a" names the tool "unit_stap", which there is not now. Did you mean unit_stop?',
      'warning: rules[1] "b" names the source "dbsu", which there is not now. Did you mean dbus?',
      'warning: rules[1] "b" names the category "network", which there is not now.',
    ]);
  });

  it("warns of a rule that lets everything through", async () => {
    const sweeping = (await check({ rules: [{ name: "all", effect: "allow" }] }))[0];
    expect(sweeping).toContain('"all" allows destructive and privileged calls of every tool');
    const rules = [
      { effect: "allow", risks: ["read", "write"] },
      { effect: "allow", tools: ["unit_*"] },
      { effect: "allow", args: { x: { equals: 1 } } },
      { effect: "ask" },
    ];
    for (const rule of rules) expect(await check({ rules: [rule] })).toEqual([]);
  });
});

describe("a rule that never decides", () => {
  const shadowed = async (...rules: readonly object[]): Promise<readonly string[]> =>
    (await check({ rules })).filter((problem) => problem.includes("never decides"));

  it("is told with the one that decides in its place", async () => {
    expect(
      await shadowed(
        { name: "wide", effect: "ask", tools: ["unit_*"] },
        { name: "narrow", effect: "allow", tools: ["unit_stop"], risks: ["write"] },
      ),
    ).toEqual([
      'warning: rules[1] "narrow" never decides anything: "wide" decides wherever it fits. Remove it, or put it before the other or make that one narrower.',
    ]);
    expect(
      await shadowed(
        { name: "yes", effect: "allow", tools: ["unit_stop"], args: { x: { equals: 1 } } },
        { name: "no", effect: "deny", tools: ["unit_*"] },
      ),
    ).toEqual([expect.stringContaining('"yes" never decides anything: "no" denies')]);
  });

  it("is not one that decides for others, elsewhere or otherwise", async () => {
    const args = { x: { equals: 1 } };
    const pairs = [
      [
        { effect: "allow", tools: ["a"], roles: ["reader"], args },
        { effect: "ask", tools: ["a"], roles: ["reader"], args },
      ],
      [
        { effect: "ask", tools: ["unit_stop"] },
        { effect: "ask", tools: ["unit_*"] },
      ],
      [
        { effect: "ask", risks: ["read"] },
        { effect: "ask", risks: ["read", "write"] },
      ],
      [{ effect: "ask", roles: ["admin"] }, { effect: "ask" }],
      [
        { effect: "ask", principals: ["key:a"] },
        { effect: "ask", principals: ["key:*"] },
      ],
      [{ effect: "ask", args: { x: { equals: 1 } } }, { effect: "ask" }],
      [
        { effect: "ask", when: { from: "08:00" } },
        { effect: "ask", when: { from: "09:00" } },
      ],
      [{ effect: "ask" }, { effect: "deny", tools: ["a"] }],
      [
        { effect: "allow", tools: ["a"] },
        { effect: "ask", tools: ["a"], principals: ["anonymous"] },
      ],
    ];
    for (const pair of pairs) expect(await shadowed(...pair), JSON.stringify(pair)).toEqual([]);
  });

  it("decides nothing indeed, in any call", { timeout: 60_000 }, () => {
    let found = 0;
    fc.assert(
      fc.property(
        anyPolicy,
        fc.array(anyRequest, { minLength: 40, maxLength: 40, size: "max" }),
        (config, calls) => {
          const policy = compilePolicy(config);
          const idle = findShadowedRules(policy.rules).map(({ path }) => `rules[${path[1]}]`);
          found += idle.length;
          for (const call of calls) expect(idle).not.toContain(policy.decide(call).rule);
        },
      ),
      { seed: 8, numRuns: 1000 },
    );
    expect(found).toBeGreaterThan(20);
  });
});
