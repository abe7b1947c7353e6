import { describe, expect, it } from "vitest";
import { AccessConfig } from "../../src/access/access-config.ts";
import { createAccessRules, defaultAccessRules } from "../../src/access/index.ts";

describe("the configuration", () => {
  it("has rules of its own when nothing is configured", () => {
    const config = AccessConfig.parse({});
    expect(config).toEqual({ rules: defaultAccessRules, unlocked: [] });
    expect(() => createAccessRules(config)).not.toThrow();
  });

  it("takes one pattern or several", () => {
    const rules = [{ allow: ["*"], service: "org.a.*", member: ["A", "B"], class: "change" }];
    expect(AccessConfig.parse({ rules }).rules).toEqual(rules);
  });

  it("says which rule is wrong", () => {
    const result = AccessConfig.safeParse({
      rules: [{ deny: true }, { allow: ["client:x"] }],
      unlocked: ["Reboot"],
    });
    const issues = result.error?.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
    expect(issues).toEqual([
      'rules.1: "client:x" is what a program calls itself, and nobody checks it: it can deny but not allow.',
      'unlocked.0: "Reboot" is no interface with a member, such as org.freedesktop.systemd1.Manager.StartTransientUnit.',
    ]);
    expect(AccessConfig.safeParse({ rules: [{ denny: true }] }).success).toBe(false);
  });
});
