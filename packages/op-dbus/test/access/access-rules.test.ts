import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  AccessRuleError,
  classify,
  createAccessRules,
  defaultAccessRules,
  type AccessRule,
  type BusOperation,
  type Caller,
} from "../../src/access/index.ts";
import { ada, operation } from "./operations.ts";

const runs = { seed: 42, numRuns: 2000 };

function decide(
  rules: readonly AccessRule[],
  about: Partial<BusOperation>,
  { caller = ada, unlocked = [] }: { caller?: Caller; unlocked?: readonly string[] } = {},
) {
  const asked = operation(about);
  return createAccessRules({ rules, unlocked }).decide(caller, asked, classify(asked));
}

const look: Partial<BusOperation> = { member: "ListUnits" };
const start = (name: string): Partial<BusOperation> => ({ args: { name, mode: "replace" } });
const startOnPath = (label: string): Partial<BusOperation> => ({
  interface: "org.freedesktop.systemd1.Unit",
  member: "Start",
  path: `/org/freedesktop/systemd1/unit/${label}`,
  args: { mode: "replace" },
});
const resolve: Partial<BusOperation> = {
  service: "org.freedesktop.resolve1",
  interface: "org.freedesktop.resolve1.Manager",
  member: "ResolveHostname",
};
const everything: AccessRule = { allow: ["*"], confirm: false };

describe("without rules", () => {
  it("everybody may look and nobody may act", () => {
    expect(decide([], look)).toMatchObject({ verdict: "allow", rule: "default" });
    expect(decide([], start("nginx.service"))).toEqual({
      verdict: "deny",
      needsApproval: false,
      interactiveAuth: false,
      rule: "default",
      class: "change",
      reason:
        "No access rule allows org.freedesktop.systemd1.Manager.StartUnit, which is of class change: It changes something that can be changed back.",
      howToAllow:
        'Add this to the access rules of D-Bus in the configuration file: - { allow: ["unix:uid=1000"], bus: "system", service: "org.freedesktop.systemd1", interface: "org.freedesktop.systemd1.Manager", member: "StartUnit", unit: ["nginx.service"], class: "change" }',
    });
  });
});

describe("the default rules", () => {
  it("let everybody look, ask before a change, and keep sensitive reads", () => {
    expect(decide(defaultAccessRules, look)).toMatchObject({
      verdict: "allow",
      needsApproval: false,
      rule: "look",
    });
    expect(decide(defaultAccessRules, start("nginx.service"))).toMatchObject({
      verdict: "allow",
      needsApproval: true,
      rule: "change after a yes",
    });
    expect(decide(defaultAccessRules, resolve)).toMatchObject({
      verdict: "deny",
      class: "sensitive",
    });
    expect(decide(defaultAccessRules, { member: "Reboot" })).toMatchObject({
      verdict: "deny",
      class: "forbidden",
    });
  });
});

describe("what is forbidden", () => {
  const transient = { member: "StartTransientUnit" };
  const name = "org.freedesktop.systemd1.Manager.StartTransientUnit";

  it("is allowed by no rule, and the denial says what unlocks it", () => {
    const denied = decide([everything], transient);
    expect(denied).toMatchObject({ verdict: "deny", rule: "forbidden" });
    expect(denied.howToAllow).toContain(`unlocked: ["${name}"]`);
  });

  it("can be unlocked by its exact name, and then needs a rule like anything destructive", () => {
    const unlocked = [name];
    expect(decide(defaultAccessRules, transient, { unlocked })).toMatchObject({
      verdict: "allow",
      needsApproval: true,
    });
    expect(decide([], transient, { unlocked }).verdict).toBe("deny");
    expect(
      decide([everything, { deny: true, class: "forbidden" }], transient, { unlocked }).verdict,
    ).toBe("deny");
    expect(decide([everything], { member: "Reboot" }, { unlocked }).verdict).toBe("deny");
  });

  it("stays so when whoever asks gives a harmless class", () => {
    const asked = operation({ member: "Reboot" });
    const harmless = classify(operation(look));
    const rules = createAccessRules({ rules: [everything], unlocked: [] });
    expect(rules.decide(ada, asked, harmless)).toMatchObject({
      verdict: "deny",
      rule: "forbidden",
    });
  });

  it("and what somebody looked at stay what they are, whatever is said of services nobody looked at", () => {
    const harmless = classify(operation(look));
    const rules = createAccessRules(
      { rules: [{ name: "changes", allow: ["*"], class: "change", confirm: false }], unlocked: [] },
      { classify: () => ({ ...harmless, class: "change", isCurated: false }) },
    );
    const decideOn = (about: Partial<BusOperation>) =>
      rules.decide(ada, operation(about), harmless);
    expect(decideOn({ member: "Reboot" }).rule).toBe("forbidden");
    expect(decideOn({ member: "CleanUnit" }).class).toBe("destructive");
    const unknown = { service: "org.example.Any", interface: "org.example.Any" };
    expect(decideOn({ ...unknown, member: "GetSecretKey" }).rule).toBe("forbidden");
    expect(decideOn({ ...unknown, member: "Greet" })).toMatchObject({
      rule: "changes",
      class: "change",
    });
  });

  it("is never unlocked where it makes no sense", () => {
    const nothing = { interface: "", member: "" };
    expect(decide([everything], nothing).howToAllow).toBe("It is never allowed.");
  });
});

describe("rules", () => {
  it("that deny win wherever they stand", () => {
    const rules: AccessRule[] = [
      everything,
      { name: "hands off ssh", deny: true, unit: ["ssh*.service"] },
    ];
    expect(decide(rules, start("nginx.service")).verdict).toBe("allow");
    expect(decide(rules, start("ssh.service"))).toMatchObject({
      verdict: "deny",
      rule: "hands off ssh",
      reason:
        'org.freedesktop.systemd1.Manager.StartUnit is denied by the access rule "hands off ssh".',
    });
    expect(decide(rules, { ...start("x.service"), unitNames: ["sshd.service"] }).verdict).toBe(
      "deny",
    );
    for (const label of ["ssh_2eservice", "_73_73_68_2Eservice"]) {
      expect(decide(rules, startOnPath(label)).verdict).toBe("deny");
    }
  });

  it("that deny a unit find it in arguments without names", () => {
    const rules: AccessRule[] = [everything, { deny: true, unit: "ssh.service" }];
    const args = { arg0: "nginx.service", arg1: "ssh.service", arg2: "replace" };
    expect(decide(rules, { member: "StartUnitReplace", args }).verdict).toBe("deny");
  });

  it("are called by their place where they have no name", () => {
    expect(decide([everything, { deny: true, member: "ListUnits" }], look).rule).toBe("rule 2");
  });

  it("that allow units fit the name in the argument and in the path", () => {
    const rules: AccessRule[] = [{ allow: ["unix:uid=1000"], unit: "app-*.service" }];
    const isAllowed = (about: Partial<BusOperation>) => decide(rules, about).verdict === "allow";
    expect(isAllowed(start("app-web.service"))).toBe(true);
    expect(isAllowed(startOnPath("app_2dweb_2eservice"))).toBe(true);
    expect(isAllowed(start("ssh.service"))).toBe(false);
    expect(isAllowed({ member: "Reload" })).toBe(false);
    const two = { old_unit: "ssh.service", new_unit: "app-web.service", mode: "replace" };
    expect(isAllowed({ member: "StartUnitReplace", args: two })).toBe(false);
    const files = { files: ["app-a.service", "ssh.service"], runtime: false, force: false };
    expect(isAllowed({ member: "EnableUnitFiles", args: files })).toBe(false);
  });

  it("look at arguments", () => {
    const rules: AccessRule[] = [
      {
        allow: ["*"],
        member: ["StartUnit", "RestartUnit"],
        args: { name: ["nginx.service"], mode: ["replace", "fail"] },
      },
    ];
    const verdict = (args: BusOperation["args"]) => decide(rules, { args }).verdict;
    expect(verdict({ name: "nginx.service", mode: "fail" })).toBe("allow");
    expect(verdict({ name: "nginx.service", mode: "flush" })).toBe("deny");
    expect(verdict({ name: "nginx.service" })).toBe("deny");
    expect(verdict({ name: ["nginx.service", "ssh.service"], mode: "fail" })).toBe("deny");
  });

  it("see properties behind the generic methods", () => {
    const names = { interface_name: "org.freedesktop.systemd1.Manager", property_name: "LogLevel" };
    const set: Partial<BusOperation> = {
      interface: "org.freedesktop.DBus.Properties",
      member: "Set",
      args: { ...names, value: "debug" },
    };
    expect(decide([everything, { deny: true, member: "LogLevel" }], set).verdict).toBe("deny");
    expect(decide([{ allow: ["*"], member: "Set" }], set).verdict).toBe("deny");
    expect(decide([{ allow: ["*"], member: "LogLevel" }], set).verdict).toBe("allow");
    const all = { ...set, member: "GetAll", args: { interface_name: names.interface_name } };
    expect(decide([everything, { deny: true, member: "Environment" }], all).verdict).toBe("deny");
  });

  it("that deny a service deny it by the name of its connection as well", () => {
    const rules: AccessRule[] = [everything, { deny: true, service: "org.freedesktop.Accounts" }];
    expect(decide(rules, { ...look, service: ":1.7" }).verdict).toBe("deny");
  });

  it("that deny a path deny it in every spelling", () => {
    const rules: AccessRule[] = [
      everything,
      { deny: true, path: "/org/freedesktop/login1/session/_31" },
    ];
    const lock = { interface: "org.freedesktop.login1.Session", member: "Lock" };
    for (const label of ["_31", "1"]) {
      const path = `/org/freedesktop/login1/session/${label}`;
      expect(decide(rules, { service: "org.freedesktop.login1", ...lock, path }).verdict).toBe(
        "deny",
      );
    }
  });

  it("ask a person unless they say otherwise, when something may be changed", () => {
    const about = start("nginx.service");
    expect(decide([{ allow: ["*"] }], about).needsApproval).toBe(true);
    expect(decide([everything], about).needsApproval).toBe(false);
    expect(decide([{ allow: ["*"] }], resolve).needsApproval).toBe(false);
    expect(decide([{ allow: ["*"], interactiveAuth: true }], about).interactiveAuth).toBe(true);
  });
});

describe("callers", () => {
  const verdict = (pattern: string, caller: Caller) =>
    decide([{ allow: [pattern] }], start("nginx.service"), { caller }).verdict;

  it("are meant by who they are, by their groups and by their scopes", () => {
    const token: Caller = { id: "oauth:sub=ada", scopes: ["op:read", "op:write"] };
    expect(verdict("unix:uid=1000", ada)).toBe("allow");
    expect(verdict("unix:gid=100", ada)).toBe("allow");
    expect(verdict("unix:gid=1000", ada)).toBe("deny");
    expect(verdict("oauth:scope=op:write", token)).toBe("allow");
    expect(verdict("oauth:scope=op:admin", token)).toBe("deny");
    expect(verdict("oauth:sub=ada", token)).toBe("allow");
    expect(verdict("unix:uid=100", ada)).toBe("deny");
  });

  it("cannot be allowed by what their program calls itself, but denied", () => {
    expect(() => verdict("client:claude", ada)).toThrow(/rule 1.*calls itself/);
    const rules: AccessRule[] = [everything, { deny: ["client:odd"] }];
    expect(decide(rules, look, { caller: { ...ada, client: "odd" } }).verdict).toBe("deny");
    expect(decide(rules, look).verdict).toBe("allow");
  });
});

describe("a rule that cannot be followed", () => {
  it.each<[AccessRule, string]>([
    [{ name: "both", allow: ["*"], deny: true }, "rule 1 (both)"],
    [{}, "either deny or allow"],
    [{ allow: [] }, "names no caller"],
    [{ deny: ["1000"] }, '"1000" names no caller'],
    [{ allow: ["unix:uid=ada"] }, "names no caller"],
    [{ allow: ["*"], class: ["observe", "forbidden"] }, "unlocked"],
    [{ deny: true, member: [] }, "member is empty"],
    [{ deny: true, confirm: true }, "belong to rules that allow"],
    [{ deny: true, args: { name: [] } }, "args.name is empty"],
    [{ deny: true, service: "" }, "0 characters"],
  ])("%j: %s", (rule, message) => {
    expect(() => createAccessRules({ rules: [rule], unlocked: [] })).toThrow(AccessRuleError);
    expect(() => createAccessRules({ rules: [rule], unlocked: [] })).toThrow(message);
  });

  it.each(["StartTransientUnit", "org.freedesktop.DBus.Properties.Set", "a..b"])(
    "nothing is unlocked as %s",
    (name) => {
      expect(() => createAccessRules({ rules: [], unlocked: [name] })).toThrow(AccessRuleError);
    },
  );
});

const words = fc.constantFrom(
  "org.freedesktop.systemd1",
  "StartUnit",
  "ListUnits",
  ":1.3",
  "*",
  "",
);
const anyOperation = fc.record({
  bus: words,
  service: words,
  interface: fc.oneof(words, fc.constant("org.freedesktop.systemd1.Manager")),
  member: words,
  kind: fc.constantFrom("call", "get", "set", "listen"),
  path: fc.oneof(words, fc.constant("/org/freedesktop/systemd1/unit/ssh_2eservice")),
  args: fc.dictionary(fc.string(), fc.jsonValue()) as fc.Arbitrary<BusOperation["args"]>,
});
const pattern = fc.constantFrom("*", "org.*", "Start*", "?*", "ssh*");
const predicates = fc.record(
  { service: pattern, interface: pattern, member: pattern, path: pattern, unit: pattern },
  { requiredKeys: [] },
);

describe("whatever is asked", () => {
  it("a rule that denies everything wins over all others", () => {
    fc.assert(
      fc.property(fc.tuple(anyOperation, predicates), ([about, some]) => {
        const rules: AccessRule[] = [{ ...some, allow: ["*"] }, everything, { deny: true }];
        expect(decide(rules, about).verdict).toBe("deny");
      }),
      runs,
    );
  });

  it("a rule that denies what one allows wins", () => {
    fc.assert(
      fc.property(fc.tuple(anyOperation, predicates), ([about, some]) => {
        const allowed = decide([{ ...some, allow: ["*"] }], about);
        const denied = decide([everything, { ...some, deny: true }], about);
        const isAllowed = allowed.rule === "rule 1";
        expect(isAllowed && denied.verdict === "allow").toBe(false);
      }),
      runs,
    );
  });

  it("no rule allows what is forbidden", () => {
    fc.assert(
      fc.property(fc.tuple(anyOperation), ([about]) => {
        const decision = decide([everything], about);
        const isForbidden = decision.class === "forbidden";
        expect(isForbidden && decision.verdict === "allow").toBe(false);
        expect(decision.verdict === "deny").toBe(decision.howToAllow !== undefined);
      }),
      runs,
    );
  });
});
