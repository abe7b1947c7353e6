import { describe, expect, it } from "vitest";
import { compilePolicy } from "../../src/policy/compile-policy.ts";
import { PolicyConfig } from "../../src/policy/policy-config.ts";
import { PolicyError } from "../../src/policy/policy-error.ts";
import {
  bob,
  configOf,
  nobody,
  policyOf,
  policyOfRule,
  request,
  self,
  verdict,
} from "./policies.ts";

const risks = ["read", "write", "destructive", "privileged"] as const;

function problemsOf(input: Parameters<typeof policyOf>[0]): readonly string[] {
  try {
    policyOf(input);
  } catch (error) {
    if (error instanceof PolicyError) {
      return error.problems.map(({ where, message }) => `${where} ${message}`);
    }
    throw error;
  }
  return [];
}

describe("the policy where nothing is configured", () => {
  const policy = policyOf();
  const all = (principal: typeof bob) => risks.map((risk) => verdict(policy, { principal, risk }));

  it("lets whoever runs op-mcp do everything, and asks before what is grave", () => {
    expect(policy.rolesOf(self)).toEqual(["reader", "admin"]);
    expect(all(self)).toEqual([
      "allow by role:reader",
      "allow by role:admin",
      "ask by role:admin",
      "ask by role:admin",
    ]);
  });

  it("lets everybody else read", () => {
    expect(policy.rolesOf(bob)).toEqual(["reader"]);
    expect(all(bob)).toEqual([
      "allow by role:reader",
      "deny by role:reader",
      "deny by role:reader",
      "deny by role:reader",
    ]);
  });

  it("lets the anonymous do nothing", () => {
    expect(policy.rolesOf(nobody)).toEqual([]);
    expect(all(nobody)).toEqual(risks.map(() => "deny by default"));
    expect(verdict(policy, { principal: { id: "", scopes: [] }, risk: "read" })).toBe(
      "deny by default",
    );
    const guest = { id: "anonymous:10.0.0.1", scopes: [] };
    expect(verdict(policy, { principal: guest, risk: "read" })).toBe("deny by default");
  });

  it("has an operator, whom somebody must be made", () => {
    const made = policyOf({ roles: { operator: { principals: ["oauth:sub=bob@*"] } } });
    expect(made.rolesOf(bob)).toEqual(["reader", "operator"]);
    expect(verdict(made, { risk: "write" })).toBe("allow by role:operator");
    expect(verdict(made, { risk: "destructive" })).toBe("ask by role:operator");
    expect(verdict(made, { risk: "privileged" })).toBe("deny by role:reader");
  });
});

describe("rules", () => {
  it("that deny win over all others, wherever they stand", () => {
    const policy = policyOf({
      rules: [
        { name: "yes", effect: "allow", tools: ["unit_stop"] },
        { name: "no", effect: "deny", tools: ["unit_*"], reason: "Units are frozen." },
      ],
    });
    const decision = policy.decide(request());
    expect(decision).toMatchObject({ verdict: "deny", rule: "no" });
    expect(decision.reason).toBe('The rule "no" denies it: Units are frozen.');
  });

  it("decide in their order", () => {
    const policy = policyOf({
      rules: [
        { name: "ask", effect: "ask", tools: ["unit_stop"], rememberMs: 5000 },
        { name: "allow", effect: "allow", tools: ["unit_*"] },
      ],
    });
    expect(policy.decide(request())).toMatchObject({
      verdict: "ask",
      rule: "ask",
      rememberMs: 5000,
    });
    expect(verdict(policy, { tool: "unit_start" })).toBe("allow by allow");
  });

  it("go by their place where they have no name", () => {
    expect(verdict(policyOfRule({ effect: "allow" }), {})).toBe("allow by rules[0]");
  });

  it("count what has no known risk as destructive", () => {
    const policy = policyOfRule({ name: "r", effect: "allow", risks: ["destructive"] });
    expect(verdict(policy, { risk: "unheard-of" as "read" })).toBe("allow by r");
    expect(verdict(policyOf(), { principal: self, risk: "unheard-of" as "read" })).toBe(
      "ask by role:admin",
    );
  });

  it("need the caller's role where they name one", () => {
    const policy = policyOf({
      roles: { night: { principals: ["oauth:scope=night*"] } },
      rules: [{ name: "night", effect: "allow", roles: ["night"] }],
    });
    expect(verdict(policy, {})).toBe("deny by role:reader");
    const watch = { ...bob, scopes: ["night:1"] };
    expect(verdict(policy, { principal: watch })).toBe("allow by night");
    expect(policy.rolesOf(watch)).toEqual(["reader", "night"]);
  });

  it("speak of somebody without a role only where they name them", () => {
    const anybody = policyOfRule({ name: "r", effect: "allow", risks: ["read"] });
    expect(verdict(anybody, { principal: nobody, risk: "read" })).toBe("deny by default");
    const named = policyOfRule({ name: "r", effect: "allow", principals: ["anonymous"] });
    expect(verdict(named, { principal: nobody, risk: "read" })).toBe("allow by r");
    const asked = policyOf({
      rules: [
        { name: "ask", effect: "ask" },
        { name: "r", effect: "allow", principals: ["anonymous"] },
      ],
    });
    const decision = asked.decide(request({ principal: nobody }));
    expect(decision).toMatchObject({ verdict: "deny", rule: "ask" });
    expect(decision.reason).toContain("has no role");
  });

  it("that deny may go by what a client calls itself", () => {
    const policy = policyOfRule({ name: "r", effect: "deny", principals: ["client:cur*"] });
    expect(verdict(policy, { risk: "read", client: "cursor" })).toBe("deny by r");
    expect(verdict(policy, { risk: "read", client: "codex" })).toBe("allow by role:reader");
    expect(verdict(policy, { risk: "read" })).toBe("allow by role:reader");
  });

  it("fit people by id, group and scope", () => {
    const by = (pattern: string, principal: typeof self): string =>
      verdict(policyOfRule({ name: "r", effect: "deny", principals: [pattern] }), {
        principal,
        risk: "read",
      });
    const member = { ...self, groups: [27] };
    expect(by("unix:gid=27", member)).toBe("deny by r");
    expect(by("unix:gid=27", self)).toBe("allow by role:reader");
    expect(by("unix:uid=1*", self)).toBe("deny by r");
    expect(by("oauth:scope=mcp", bob)).toBe("deny by r");
    expect(by("oauth:scope=mc", bob)).toBe("allow by role:reader");
  });
});

describe("a tool's own wishes", () => {
  it("are followed where a person must agree, unless a rule names the very tool", () => {
    const wanted = { needsApproval: true, risk: "read" } as const;
    expect(verdict(policyOf(), wanted)).toBe("ask by role:reader");
    const broad = policyOfRule({ name: "r", effect: "allow", tools: ["unit_*"], rememberMs: 7 });
    expect(broad.decide(request(wanted))).toMatchObject({
      verdict: "ask",
      rule: "r",
      rememberMs: 7,
    });
    const exact = policyOfRule({ name: "r", effect: "allow", tools: ["unit_*", "unit_stop"] });
    expect(verdict(exact, wanted)).toBe("allow by r");
  });

  it("keep what cannot be shown from a dry run", () => {
    const policy = policyOfRule({ name: "dry", effect: "dry-run" });
    expect(verdict(policy, {})).toBe("dry-run by dry");
    expect(verdict(policy, { canPreview: true })).toBe("dry-run by dry");
    const decision = policy.decide(request({ canPreview: false }));
    expect(decision).toMatchObject({ verdict: "deny", rule: "dry" });
    expect(decision.reason).toContain("cannot say what it would do");
  });

  it("are remembered as long as the policy says where a role asks", () => {
    const policy = policyOf({ approval: { rememberMs: 1234 } });
    const decision = policy.decide(request({ principal: self, risk: "privileged" }));
    expect(decision).toMatchObject({ verdict: "ask", rememberMs: 1234 });
  });
});

describe("a policy that cannot work", () => {
  it("is refused with every rule that is wrong and why", () => {
    expect(
      problemsOf({
        roles: { admin: { principals: ["client:cursor"] }, "night shift": {} },
        rules: [
          { name: "a", effect: "allow", principals: ["client:cursor"] },
          { name: "a", effect: "deny", principals: ["oauth:subject=bob", "unix:gid=wheel"] },
          { name: "role:admin", effect: "deny", roles: ["admins"] },
          { effect: "ask", when: { from: "25:00" } },
          { effect: "ask", when: { from: "08:00", to: "08:00" } },
          { effect: "ask", when: { timezone: "Europe/Nowhere" } },
          { effect: "ask", args: { "a..b": { equals: 1 }, "": { absent: true } } },
          { effect: "ask", args: { a: {}, b: { absent: true, equals: 1 }, c: { under: ["tmp"] } } },
          { effect: "ask", args: { d: { atLeast: 2, atMost: 1 } } },
        ],
        limits: { overrides: [{ principals: ["client:x"], roles: ["boss"], limits: {} }] },
      }),
    ).toMatchInlineSnapshot(`
      [
        "roles.admin rests on "client:cursor", which any client may call itself",
        "roles.night shift has a name with other characters than letters, digits, _ and -",
        "rules[0] "a" rests on "client:cursor", which any client may call itself",
        "rules[1] "a" names "oauth:subject=bob", which is neither *, anonymous, unix:uid=…, oauth:sub=…, oauth:client=…, key:…, cert:…, unix:gid=…, oauth:scope=…, nor client:…",
        "rules[1] "a" names "unix:gid=wheel", which must end in the number of a group",
        "rules[2] "role:admin" has a name that decisions use for something else",
        "rules[2] "role:admin" needs the role "admins", which there is not",
        "rules[3] has a window whose \`from\`, "25:00", is no time such as 08:30",
        "rules[4] has a window that begins when it ends, and so is never open",
        "rules[5] has a window in the unknown time zone "Europe/Nowhere"",
        "rules[6] has the argument "a..b", which is no path such as \`unit\`, \`options.force\` or \`paths[]\`",
        "rules[6] has the argument "", which is no path such as \`unit\`, \`options.force\` or \`paths[]\`",
        "rules[7] has the argument "a", which nothing is said of",
        "rules[7] has the argument "b", which cannot be missing and have a value",
        "rules[7] has the argument "c", which is compared with "tmp", which is not absolute",
        "rules[8] has the argument "d", which no number satisfies: \`atLeast\` is more than \`atMost\`",
        "limits.overrides[0] rests on "client:x", which any client may call itself",
        "limits.overrides[0] needs the role "boss", which there is not",
        "rules[1] "a" has the name of rules[0]",
      ]
    `);
  });

  it("says its problems in the error, with what to do", () => {
    expect(() =>
      policyOf({ rules: [{ name: "a", effect: "ask", principals: ["client:cursor"] }] }),
    ).toThrow(
      'rules[0] "a" rests on "client:cursor", which any client may call itself. Only a rule that denies may name a client; name who calls instead.',
    );
  });

  it("includes one that was not loaded for a user yet", () => {
    expect(() => compilePolicy(PolicyConfig.parse({}))).toThrow("stands for nobody yet");
  });
});

describe("the fingerprint", () => {
  it("is the same for policies that say the same", () => {
    const input = { rules: [{ effect: "deny" as const, tools: ["a", "b"] }] };
    expect(policyOf(input).fingerprint).toBe(policyOf(input).fingerprint);
    expect(policyOf(input).fingerprint).toMatch(/^[0-9a-f]{64}$/);
    const other = { rules: [{ effect: "deny" as const, tools: ["a"] }] };
    expect(policyOf(other).fingerprint).not.toBe(policyOf(input).fingerprint);
  });

  it("does not depend on the order of keys", () => {
    const { roles, ...rest } = configOf();
    expect(compilePolicy({ ...rest, roles }).fingerprint).toBe(policyOf().fingerprint);
  });
});
