import { createTestContext } from "op-tools/testing";
import { systemClock } from "op-core";
import {
  compileChain,
  textResult,
  type CallEffect,
  type Risk,
  type ToolContext,
  type ToolDescriptor,
} from "op-tools";
import { describe, expect, it } from "vitest";
import { authorize } from "../../src/access/authorize.ts";
import { createCallTrails } from "../../src/audit/call-trail.ts";
import { compilePolicy } from "../../src/policy/compile-policy.ts";
import { PolicyConfig, type PolicyInput } from "../../src/policy/policy-config.ts";

function toolOf(risk: Risk): ToolDescriptor {
  return {
    name: "unit_act",
    description: "",
    inputSchema: { type: "object" },
    annotations: {},
    category: "test",
    tags: [],
    source: "test",
    risk,
  };
}

function contextOf(id: string): ToolContext {
  return createTestContext({ principal: { id, scopes: [] } });
}

interface Call {
  readonly id: string;
  readonly tool: ToolDescriptor;
  readonly effect?: CallEffect;
  readonly hasPreview?: boolean;
}

async function call(policy: PolicyInput, { id, tool, effect, hasPreview = false }: Call) {
  const compiled = compilePolicy(PolicyConfig.parse(policy));
  const trails = createCallTrails();
  let looks = 0;
  const middleware = authorize({
    policy: () => compiled,
    scopes: [],
    trails,
    clock: systemClock,
    priorities: { tool: 30, call: 50 },
  });
  const context = contextOf(id);
  const trail = trails.begin(context);
  const run = compileChain(middleware, tool, async () => textResult("ran"));
  const result = await run({
    tool,
    args: {},
    context,
    inspector: {
      effectOf: () => {
        looks += 1;
        return Promise.resolve(effect ?? { risk: tool.risk, summary: "" });
      },
      preview: () => Promise.resolve(hasPreview ? textResult("would run") : undefined),
    },
  });
  return { result, trail, looks };
}

const roles = {
  admin: { principals: ["unix:uid=1"] },
  operator: { principals: ["unix:uid=2"] },
  reader: { principals: ["unix:uid=3"] },
};
const denied = expect.objectContaining({ code: "ERR_POLICY_DENIED" });

describe("a call is decided", () => {
  it("at once where the tool only reads, without looking at what it would do", async () => {
    const { result, trail, looks } = await call(
      { roles },
      { id: "unix:uid=3", tool: toolOf("read") },
    );
    expect(result).toEqual(textResult("ran"));
    expect(looks).toBe(0);
    expect(trail.decision).toMatchObject({ verdict: "allow", rule: "role:reader" });
  });

  it("by what it would do, not by the worst that its tool can do", async () => {
    const effect = { risk: "write", summary: "starts a unit" } as const;
    const harmless = { id: "unix:uid=2", tool: toolOf("privileged"), effect };
    expect((await call({ roles }, harmless)).trail.decision).toMatchObject({ verdict: "allow" });
    const grave = { id: "unix:uid=2", tool: toolOf("privileged") };
    await expect(call({ roles }, grave)).rejects.toThrow(denied);
  });

  it("before anything is looked at where the caller may never call the tool", async () => {
    await expect(call({ roles }, { id: "unix:uid=3", tool: toolOf("write") })).rejects.toThrow(
      denied,
    );
    await expect(call({ roles }, { id: "unix:uid=9", tool: toolOf("read") })).rejects.toThrow(
      denied,
    );
  });
});

describe("a dry run", () => {
  const rules = [{ name: "show", effect: "dry-run" as const, tools: ["unit_act"] }];

  it("answers what the call would do, and says that it did not", async () => {
    const shown = { id: "unix:uid=1", tool: toolOf("write"), hasPreview: true };
    const { result } = await call({ roles, rules }, shown);
    expect(JSON.stringify(result)).toContain("Dry run");
    expect(JSON.stringify(result)).toContain("would run");
  });

  it("is refused for a tool that cannot tell", async () => {
    const tool = toolOf("write");
    await expect(call({ roles, rules }, { id: "unix:uid=1", tool })).rejects.toMatchObject({
      code: "ERR_PREVIEW_UNAVAILABLE",
    });
  });
});
