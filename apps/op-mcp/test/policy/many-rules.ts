import type { PolicyConfig, PolicyInput } from "../../src/policy/policy-config.ts";
import { PolicyConfig as Schema } from "../../src/policy/policy-config.ts";
import type { PolicyRequest } from "../../src/policy/policy.ts";

const risks = ["read", "write", "destructive", "privileged"] as const;
const effects = ["allow", "ask", "deny", "allow", "dry-run"] as const;

type RuleInput = NonNullable<PolicyInput["rules"]>[number];

/** A rule as a large organisation has them: for some people or a group, and a family of tools, now and then for some arguments. */
function ruleOf(number: number): RuleInput {
  const effect = effects[number % effects.length] ?? "deny";
  const person = `oauth:sub=user${number % 97}@example.org`;
  const group = `oauth:scope=team${number % 13}`;
  return {
    name: `rule ${number}`,
    effect,
    ...(number % 7 === 0 ? {} : { principals: number % 3 === 0 ? [group] : [person, group] }),
    ...(number % 11 === 0
      ? {}
      : { tools: number % 2 === 0 ? [`family${number % 50}_*`] : [`family${number % 50}_tool3`] }),
    ...(number % 5 === 0 ? { sources: [`source${number % 4}`] } : {}),
    ...(number % 4 === 0 ? { risks: ["destructive", "privileged"] } : {}),
    ...(number % 3 === 0 || number % 11 === 0
      ? { args: { unit: { glob: [`service${number}*`, "web*"], absent: false } } }
      : {}),
    ...(number % 20 === 0
      ? { when: { from: "08:00", to: "18:00", timezone: "Europe/Berlin" } }
      : {}),
  };
}

/** A policy of so many rules, about people, groups, families of tools, arguments and hours. */
export function policyOfManyRules(count: number): PolicyConfig {
  return Schema.parse({ rules: Array.from({ length: count }, (_, number) => ruleOf(number)) });
}

/** Calls by many people to many tools. */
export function manyRequests(count: number): readonly PolicyRequest[] {
  return Array.from({ length: count }, (_, number) => ({
    principal: {
      id: `oauth:sub=user${(number * 31) % 400}@example.org`,
      scopes: ["mcp", `team${number % 13}`, `team${number % 5}`],
    },
    client: "some client",
    tool: `family${(number * 7) % 50}_tool${number % 9}`,
    source: `source${number % 4}`,
    category: `category${number % 10}`,
    risk: risks[(number * 3) % risks.length] ?? "read",
    args: {
      unit: number % 2 === 0 ? `service${number % 1000}` : "nginx",
      options: { force: true },
    },
    atMs: 1_790_000_000_000 + number * 1000,
  }));
}
