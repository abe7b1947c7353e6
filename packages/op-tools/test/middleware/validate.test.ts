import type { JsonObject } from "op-core";
import { describe, expect, test } from "vitest";
import {
  compileChain,
  dataResult,
  textResult,
  validateInput,
  validateOutput,
  type ToolDescriptor,
  type ToolResult,
} from "../../src/index.ts";
import { createTestContext } from "../../src/testing/index.ts";
import { plainDescriptor } from "../fixtures/plain-tool.ts";

const restart = plainDescriptor("restart_unit", {
  inputSchema: {
    type: "object",
    properties: { unit: { type: "string" } },
    required: ["unit"],
    additionalProperties: false,
  },
});

function callInput(tool: ToolDescriptor, args: JsonObject): Promise<ToolResult> {
  const chain = compileChain([validateInput()], tool, async () => textResult("ran"));
  return chain({ tool, args, context: createTestContext() });
}

describe("input", () => {
  test("that fits reaches the tool", async () => {
    expect(await callInput(restart, { unit: "nginx" })).toEqual(textResult("ran"));
  });

  test("that does not fit is answered with what is wrong and the schema", async () => {
    expect(await callInput(restart, { unti: "nginx" })).toEqual({
      isError: true,
      content: [
        {
          type: "text",
          text: [
            'ERR_TOOL_INPUT_INVALID: The arguments of "restart_unit" do not fit its schema.',
            "- unit: is required and missing.",
            '- unti: is not known. Did you mean "unit"?',
            "Correct the arguments and call again.",
          ].join("\n"),
        },
        { type: "text", text: `The input schema:\n${JSON.stringify(restart.inputSchema)}` },
      ],
      _meta: {
        "op-mcp/error": expect.objectContaining({
          code: "ERR_TOOL_INPUT_INVALID",
          retryable: false,
        }),
      },
    });
  });

  test("of a tool whose schema is broken quarantines that tool and no other", async () => {
    const broken = plainDescriptor("broken", {
      inputSchema: { type: "object", properties: { a: { $ref: "https://x.example/s" } } },
    });
    const validating = validateInput();
    const run = (tool: ToolDescriptor, args: JsonObject) =>
      compileChain([validating], tool, async () => textResult("ran"))({
        tool,
        args,
        context: createTestContext(),
      });
    await expect(run(broken, {})).rejects.toThrow(
      expect.objectContaining({
        code: "ERR_TOOL_QUARANTINED",
        message: expect.stringContaining("https://x.example/s"),
      }),
    );
    expect(await run(restart, { unit: "nginx" })).toEqual(textResult("ran"));
  });
});

describe("output", () => {
  const outputSchema = { type: "object", properties: { n: { type: "integer" } }, required: ["n"] };
  const counting = plainDescriptor("count", { outputSchema });

  function answer(tool: ToolDescriptor, result: ToolResult): Promise<ToolResult> {
    const chain = compileChain([validateOutput()], tool, async () => result);
    return chain({ tool, args: {}, context: createTestContext() });
  }

  test.each([
    ["fits", dataResult({ n: 1 })],
    ["is an error", { content: [], isError: true }],
  ])("that %s is answered", async (_, result) => {
    expect(await answer(counting, result)).toBe(result);
  });

  test.each([
    ["does not fit", dataResult({ n: "1" })],
    ["is missing", textResult("1")],
  ])("that %s is the tool's fault, and it says so", async (_, result) => {
    await expect(answer(counting, result)).rejects.toThrow(
      expect.objectContaining({
        code: "ERR_TOOL_OUTPUT_INVALID",
        advice: expect.stringContaining("The arguments are not at fault"),
      }),
    );
  });

  test("is nobody's business without a schema", async () => {
    expect(await answer(plainDescriptor("free"), textResult("x"))).toEqual(textResult("x"));
    expect(validateOutput().appliesTo?.(plainDescriptor("free"))).toBe(false);
  });

  test("of a broken schema is known before the tool runs", async () => {
    const broken = plainDescriptor("broken", { outputSchema: { type: "nonsense" } });
    let ran = false;
    const chain = compileChain([validateOutput()], broken, async () => {
      ran = true;
      return dataResult({});
    });
    await expect(chain({ tool: broken, args: {}, context: createTestContext() })).rejects.toThrow(
      expect.objectContaining({ code: "ERR_TOOL_QUARANTINED" }),
    );
    expect(ran).toBe(false);
  });
});
