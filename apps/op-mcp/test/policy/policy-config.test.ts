import * as z from "zod";
import { describe, expect, it } from "vitest";
import { PolicyConfig } from "../../src/policy/policy-config.ts";

describe("the policy's configuration", () => {
  it("is complete where nothing is said", () => {
    expect(PolicyConfig.parse({})).toMatchObject({
      roles: {
        reader: { principals: ["*"], permissions: { read: "allow", write: "deny" } },
        operator: { principals: [], permissions: { destructive: "ask", privileged: "deny" } },
        admin: { principals: ["unix:uid=self"], permissions: { privileged: "ask" } },
      },
      rules: [],
    });
  });

  it("keeps of a usual role what is not said", () => {
    const { roles } = PolicyConfig.parse({ roles: { reader: { permissions: { write: "ask" } } } });
    expect(roles.reader).toEqual({
      principals: ["*"],
      permissions: { read: "allow", write: "ask", destructive: "deny", privileged: "deny" },
    });
    expect(roles.admin.principals).toEqual(["unix:uid=self"]);
  });

  it("permits nothing to a role of one's own unless told", () => {
    const { roles } = PolicyConfig.parse({ roles: { night: { permissions: { read: "allow" } } } });
    expect(roles["night"]).toEqual({
      principals: [],
      permissions: { read: "allow", write: "deny", destructive: "deny", privileged: "deny" },
    });
  });

  it.each([
    { rule: [] },
    { rules: [{ effect: "allow", tool: ["a"] }] },
    { rules: [{ effect: "permit" }] },
    { rules: [{}] },
    { rules: [{ effect: "allow", principals: [] }] },
    { rules: [{ effect: "allow", args: { a: { equal: 1 } } }] },
    { roles: { reader: { permissions: { execute: "allow" } } } },
    { limits: { callsPerMinute: -1 } },
    { limits: { overrides: [{ limits: { calls: 1 } }] } },
  ])("refuses %j", (input) => {
    expect(PolicyConfig.safeParse(input).success).toBe(false);
  });

  it("describes every key", () => {
    const undescribed: string[] = [];
    const visit = (schema: unknown, path: string): void => {
      if (typeof schema !== "object" || schema === null) return;
      const { properties, additionalProperties, items, description } = Object(schema);
      if (path !== "" && description === undefined && !path.endsWith("[]")) undescribed.push(path);
      for (const [key, child] of Object.entries(properties ?? {})) visit(child, `${path}.${key}`);
      if (typeof additionalProperties === "object") visit(additionalProperties, `${path}.*`);
      if (items?.type === "object") visit(items, `${path}[]`);
    };
    visit(z.toJSONSchema(PolicyConfig, { io: "input" }), "");
    expect(undescribed).toEqual([]);
  });
});
