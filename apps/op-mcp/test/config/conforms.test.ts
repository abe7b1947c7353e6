import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { configJsonSchema } from "../../src/config/config-json-schema.ts";
import { configLeaves } from "../../src/config/config-leaf.ts";
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
const value = fc.oneof(
  scalar,
  fc.array(scalar, { maxLength: 3 }),
  fc.dictionary(fc.string(), scalar, { maxKeys: 2 }),
);
/** A group to which members may be added is filled in by the schema, so nobody is sure of it by itself. */
const plainLeaves = configLeaves().filter(({ schema }) => schema["properties"] === undefined);
const said = fc.array(fc.tuple(fc.constantFrom(...plainLeaves), value), { maxLength: 4 });

describe("being sure of a configuration without its schema", () => {
  const generous = { timeout: 60_000 };
  it("never takes for right what the schema refuses, nor reads it differently", generous, () => {
    fc.assert(
      fc.property(said, (entries) => {
        const values = entries.reduce(
          (all, [leaf, one]) => withValueAt(all, leaf.keys, one as never),
          {},
        );
        if (!isSurelyConfig(values)) return;
        const parsed = OpMcpConfig.safeParse(values);
        expect(parsed.success).toBe(true);
        const full = configLeaves().reduce(
          (all, leaf) =>
            withValueAt(
              all,
              leaf.keys,
              (entries.findLast(([other]) => other === leaf)?.[1] ?? leaf.default) as never,
            ),
          {},
        );
        expect(full).toEqual(parsed.data);
      }),
      { seed: 11, numRuns: 5000 },
    );
  });

  it("is possible for the defaults and for each of them alone", () => {
    expect(isSurelyConfig(defaultConfig)).toBe(true);
    for (const leaf of configLeaves())
      expect(isSurelyConfig(withValueAt({}, leaf.keys, leaf.default)), leaf.path).toBe(true);
  });

  it("is not possible for what it does not understand, for unknown keys and for inherited ones", () => {
    expect(conforms({ type: "string", pattern: "^x" }, "x")).toBe(false);
    expect(conforms(configJsonSchema, { nonsense: 1 })).toBe(false);
    expect(conforms(configJsonSchema, { constructor: {} })).toBe(false);
    expect(conforms(configJsonSchema, { tools: { maxTools: 1.5 } })).toBe(false);
  });
});
