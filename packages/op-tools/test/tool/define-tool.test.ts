import { describe, expect, expectTypeOf, test } from "vitest";
import { z } from "zod";
import { defineTool } from "../../src/define.ts";
import { textResult } from "../../src/index.ts";
import { createTestContext } from "../../src/testing/index.ts";

const restart = defineTool({
  name: "restart_unit",
  description: "Restarts a unit.",
  input: z.strictObject({
    unit: z.string().min(1).meta({ description: "Its name." }),
    mode: z.enum(["replace", "fail"]).default("replace"),
    delayMs: z.int().optional(),
  }),
  category: "system",
  risk: "write",
  call: async (args) => {
    expectTypeOf(args).toEqualTypeOf<{
      unit: string;
      mode: "replace" | "fail";
      delayMs?: number | undefined;
    }>();
    return textResult(`${args.unit} ${args.mode}`);
  },
});

const count = defineTool({
  name: "count",
  description: "Counts.",
  input: z.object({ text: z.string() }),
  output: z.object({ letters: z.int(), note: z.string().optional() }),
  category: "text",
  tags: ["letters"],
  risk: "read",
  source: "text",
  annotations: { idempotentHint: true },
  call: async ({ text }) => ({ letters: text.length, note: undefined }),
});

describe("the descriptor", () => {
  test("describes the input as JSON Schema 2020-12", () => {
    expect(restart.inputSchema).toEqual({
      $schema: "https://json-schema.org/draft/2020-12/schema",
      type: "object",
      properties: {
        unit: { type: "string", minLength: 1, description: "Its name." },
        mode: { type: "string", enum: ["replace", "fail"], default: "replace" },
        delayMs: expect.objectContaining({ type: "integer" }),
      },
      required: ["unit"],
      additionalProperties: false,
    });
    expect(count.outputSchema).toMatchObject({ type: "object", required: ["letters"] });
    expect(restart.outputSchema).toBeUndefined();
  });

  test("says of an open object that it is open, in the form that every client reads", () => {
    const { inputSchema } = defineTool({
      name: "open",
      description: "Takes anything.",
      input: z.strictObject({ rest: z.looseObject({}), map: z.record(z.string(), z.unknown()) }),
      category: "a",
      risk: "read",
      call: async () => textResult(""),
    });
    expect(inputSchema).toMatchObject({
      properties: { rest: { additionalProperties: true }, map: { additionalProperties: true } },
    });
  });

  test.each([
    ["read", { readOnlyHint: true, destructiveHint: false }],
    ["write", { readOnlyHint: false, destructiveHint: false }],
    ["destructive", { readOnlyHint: false, destructiveHint: true }],
    ["privileged", { readOnlyHint: false, destructiveHint: true }],
  ] as const)("says of risk %s what clients understand", (risk, annotations) => {
    const tool = defineTool({
      name: "a",
      description: "A.",
      input: z.strictObject({}),
      category: "a",
      risk,
      call: async () => textResult(""),
    });
    expect(tool.annotations).toEqual(annotations);
  });

  test("has what the definition says and defaults for the rest", () => {
    expect(count).toMatchObject({
      source: "text",
      tags: ["letters"],
      annotations: { readOnlyHint: true, idempotentHint: true },
    });
    expect(restart).toMatchObject({ source: "builtin", tags: [] });
  });
});

describe("a call", () => {
  test("gets parsed arguments, with defaults", async () => {
    expect(await restart.call({ unit: "nginx" }, createTestContext())).toEqual(
      textResult("nginx replace"),
    );
  });

  test("answers data as data and as text", async () => {
    expect(await count.call({ text: "abc" }, createTestContext())).toEqual({
      content: [{ type: "text", text: '{"letters":3}' }],
      structuredContent: { letters: 3 },
    });
  });

  test("with wrong arguments answers an error that names them and shows the schema", async () => {
    const result = await restart.call({ unit: 5, colour: "red" }, createTestContext());
    const text = JSON.stringify(result.content);
    expect(result.isError).toBe(true);
    expect(text).toContain("ERR_TOOL_INPUT_INVALID");
    expect(text).toContain("unit: Invalid input: expected string");
    expect(text).toContain("colour");
    expect(text).toContain("The input schema");
  });

  test("honours refinements that JSON Schema cannot express", async () => {
    const even = defineTool({
      name: "even",
      description: "Takes even numbers.",
      input: z.strictObject({ n: z.int().refine((n) => n % 2 === 0, "must be even") }),
      category: "a",
      risk: "read",
      call: async () => textResult("ok"),
    });
    const result = await even.call({ n: 3 }, createTestContext());
    expect(JSON.stringify(result.content)).toContain("n: must be even");
  });
});

test("a schema that JSON cannot carry is refused at once", () => {
  expect(() =>
    defineTool({
      name: "when",
      description: "When.",
      input: z.strictObject({ at: z.date() }),
      category: "a",
      risk: "read",
      call: async () => textResult(""),
    }),
  ).toThrow(expect.objectContaining({ code: "ERR_TOOL_SCHEMA" }));
});
