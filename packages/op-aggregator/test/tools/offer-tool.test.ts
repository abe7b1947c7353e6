import type { JsonObject } from "op-core";
import { describe, expect, it } from "vitest";
import { offerTool, type OfferedTool } from "../../src/tools/offer-tool.ts";
import { compileRules } from "../../src/tools/tool-rules.ts";
import type { ToolRule, UpstreamConfig } from "../../src/index.ts";

const raw = {
  name: "drop_table",
  description: "Drops a table.",
  inputSchema: {
    type: "object",
    properties: { table: { type: "string" }, database: { type: "string" } },
    required: ["table", "database"],
  },
} as const satisfies JsonObject;

function offer(
  rules: readonly ToolRule[],
  more: Partial<UpstreamConfig> = {},
  annotations: JsonObject = {},
): OfferedTool {
  const config = { name: "db", transport: { kind: "http", url: "http://x" }, ...more } as const;
  const offered = offerTool({ ...raw, annotations }, compileRules(rules)(raw.name), config);
  if (typeof offered === "string") throw new Error(offered);
  return offered;
}

describe("what is offered of a tool", () => {
  it("has the risk that its hints say, and the worst where they say nothing or are not trusted", () => {
    const riskOf = (hints: JsonObject, more = {}) => offer([], more, hints).descriptor.risk;
    expect(riskOf({})).toBe("destructive");
    expect(riskOf({ readOnlyHint: true })).toBe("read");
    expect(riskOf({ destructiveHint: false })).toBe("write");
    expect(riskOf({ readOnlyHint: true }, { trustAnnotations: false })).toBe("destructive");
    expect(riskOf({ readOnlyHint: "yes" })).toBe("destructive");
  });

  it("is what the rules make of it; the first that says something of an aspect decides it", () => {
    const { descriptor } = offer(
      [
        { match: "drop_*", risk: "privileged" },
        { match: "*", risk: "read", description: "Ours.", annotations: { destructiveHint: true } },
      ],
      { prefix: "db" },
    );
    expect(descriptor).toMatchObject({
      name: "db_drop_table",
      risk: "privileged",
      description: "Ours.",
      annotations: { destructiveHint: true },
    });
    expect(
      offer([{ match: "drop_table", rename: "remove" }], { prefix: "db" }).descriptor.name,
    ).toBe("remove");
  });

  it("does not show arguments that are always the same", () => {
    const { descriptor, pin } = offer([{ match: "*", pin: { database: "test" } }]);
    expect(descriptor.inputSchema).toEqual({
      type: "object",
      properties: { table: { type: "string" } },
      required: ["table"],
    });
    expect(pin).toEqual({ database: "test" });
  });

  it("takes no pattern for more than it says", () => {
    expect(compileRules([{ match: "a.c", hide: true }])("abc").isHidden).toBe(false);
    expect(compileRules([{ match: "a*c", hide: true }])("a.b\nc").isHidden).toBe(true);
  });
});
