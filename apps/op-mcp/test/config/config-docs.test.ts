import { describe, expect, test } from "vitest";
import { descriptionAt, renderConfigDocs } from "../../src/config/config-docs.ts";
import { configLeaves } from "../../src/config/config-leaf.ts";
import { renderConfigSchema } from "../../src/config/config-schema.ts";
import { environmentAliases } from "../../src/config/environment-aliases.ts";
import { environmentName } from "../../src/config/environment-names.ts";

describe("the schema", () => {
  test.each(configLeaves().map((leaf) => [leaf.path, leaf] as const))(
    "%s has a default and a description that is a sentence",
    (_path, leaf) => {
      expect(leaf.default).not.toBeNull();
      expect(descriptionAt(leaf.keys)).toMatch(/^\S.*\.$/);
    },
  );

  test("every variable belongs to one leaf", () => {
    const names = configLeaves().map(environmentName);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toContain("OP_MCP_LOG__MAX_BYTES");
  });

  test("every alias leads to a leaf", () => {
    const targets = [...environmentAliases.values()].map(({ path }) => path);
    expect(configLeaves().map((leaf) => leaf.path)).toEqual(expect.arrayContaining(targets));
  });
});

describe("renderConfigDocs", () => {
  test("shows key, type, default, variables and meaning", () => {
    const docs = renderConfigDocs();
    expect(docs).toContain("## log");
    expect(docs).toContain(
      '| `log.level` | `"debug"` or `"info"` or `"warn"` or `"error"` or `"silent"` | `"info"` | `OP_MCP_LOG__LEVEL`, `VERBOSE_LOGGING` | The least urgent lines that are written. Where op-mcp starts with debug, each call is one, too. Live. |',
    );
    expect(docs).toContain("whole number, at least 4096");
  });
});

describe("renderConfigSchema", () => {
  test("is JSON that closes every object", () => {
    const schema: unknown = JSON.parse(renderConfigSchema());
    expect(schema).toMatchObject({
      type: "object",
      additionalProperties: false,
      properties: { log: { additionalProperties: false } },
    });
  });
});
