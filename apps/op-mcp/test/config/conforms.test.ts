import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { configJsonSchema } from "../../src/config/config-json-schema.ts";
import { configLeaves, fillConfig } from "../../src/config/config-leaf.ts";
import { withValueAt } from "../../src/config/config-layer.ts";
import { conforms, isSurelyConfig } from "../../src/config/conforms.ts";
import { defaultConfig } from "../../src/config/default-config.ts";
import { OpMcpConfig } from "../../src/config/op-mcp-config.ts";

const scalar = fc.oneof(
  fc.integer({ min: -10, max: 200_000 }),
  fc.double(),
  fc.boolean(),
  fc.constantFrom("", "auto", "direct", "info", "debug", "json", "read", "destructive", "x"),
  fc.constant(null),
);
const effect = fc.constantFrom("allow", "ask", "deny", "no");
/** What people write into groups and lists, with members that have defaults left out, or wrong. */
const member = fc.oneof(
  fc.record(
    {
      principals: fc.constant(["anonymous"]),
      permissions: fc.record({ read: effect, write: effect }, { requiredKeys: [] }),
      effect,
      reason: fc.string(),
      callsPerMinute: fc.integer(),
    },
    { requiredKeys: [] },
  ),
  fc.record({ bus: fc.constant("system"), member: fc.constant("*"), effect }, { requiredKeys: [] }),
  fc.record(
    {
      command: fc.constant("node"),
      warm: fc.boolean(),
      tools: fc.array(
        fc.record(
          {
            match: fc.constant("*"),
            risk: fc.constantFrom("read", "high"),
            pin: fc.dictionary(fc.constantFrom("a", "b"), scalar),
          },
          { requiredKeys: [] },
        ),
        { maxLength: 2 },
      ),
    },
    { requiredKeys: [] },
  ),
);
const value = fc.oneof(
  scalar,
  fc.array(member, { maxLength: 2 }),
  fc.dictionary(fc.constantFrom("a", "guest", "operator"), member, { maxKeys: 2 }),
  fc.array(scalar, { maxLength: 3 }),
  fc.dictionary(fc.string(), scalar, { maxKeys: 2 }),
);
const leaves = configLeaves();
const said = fc.array(fc.tuple(fc.constantFrom(...leaves), value), { maxLength: 4 });

describe("being sure of a configuration without its schema", () => {
  const generous = { timeout: 60_000 };
  it("never takes for right what the schema refuses, nor reads it differently", generous, () => {
    fc.assert(
      fc.property(said, (entries) => {
        const values = entries.reduce(
          (all, [leaf, one]) => withValueAt(all, leaf.keys, one as never),
          {},
        );
        const filled = fillConfig(values);
        if (!isSurelyConfig(values)) return;
        const parsed = OpMcpConfig.safeParse(values);
        expect(parsed.success).toBe(true);
        expect(filled).toEqual(parsed.data);
      }),
      { seed: 11, numRuns: 5000 },
    );
  });

  it("is possible for the defaults and for each of them alone", () => {
    expect(isSurelyConfig(defaultConfig)).toBe(true);
    for (const leaf of configLeaves())
      expect(isSurelyConfig(withValueAt({}, leaf.keys, leaf.default)), leaf.path).toBe(true);
  });

  it("is possible for servers with rules, and for roles, of which some is left out", () => {
    const values = {
      upstreams: { servers: { echo: { command: "node", tools: [{ match: "*", risk: "read" }] } } },
      policy: { roles: { guest: { principals: ["anonymous"], permissions: { read: "allow" } } } },
    };
    expect(fillConfig(values)).toEqual(OpMcpConfig.parse(values));
    expect(isSurelyConfig(values)).toBe(true);
    const badRule = { upstreams: { servers: { echo: { tools: [{ risk: "read" }] } } } };
    expect(isSurelyConfig(badRule)).toBe(false);
  });

  it("is not possible for what only the schema itself can check", () => {
    const values = { dbus: { rules: [{ effect: "allow", destination: "org.example" }] } };
    expect(isSurelyConfig(values)).toBe(false);
  });

  it("is not possible for what it does not understand, for unknown keys and for inherited ones", () => {
    expect(conforms({ type: "string", pattern: "^x" }, "x")).toBe(false);
    expect(conforms(configJsonSchema, { nonsense: 1 })).toBe(false);
    expect(conforms(configJsonSchema, { constructor: {} })).toBe(false);
    expect(conforms(configJsonSchema, { tools: { maxTools: 1.5 } })).toBe(false);
  });
});
