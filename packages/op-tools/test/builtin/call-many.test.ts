import * as z from "zod";
import { describe, expect, it } from "vitest";
import { metaToolNames } from "../../src/builtin/builtin-descriptors.ts";
import { createBuiltinSource } from "../../src/builtin/builtin-source.ts";
import { requireApproval } from "../../src/middleware/require-approval.ts";
import { createToolSearch } from "../../src/search/tool-search.ts";
import { createMemorySource } from "../../src/sources/memory-source.ts";
import { createTestContext } from "../../src/testing/index.ts";
import { defineTool, type ToolDefinition } from "../../src/tool/define-tool.ts";
import type { Risk } from "../../src/tool/risk.ts";
import type { ProgressUpdate } from "../../src/tool/tool-context.ts";
import { textResult } from "../../src/tool/tool-result.ts";
import type { Tool } from "../../src/tool/tool.ts";
import { openToolbox, type Toolbox } from "../../src/toolbox.ts";
import { createMemoryCatalogue } from "../search/memory-catalogue.ts";

const input = z.strictObject({ text: z.string().default("") });

function tool(name: string, call: ToolDefinition<typeof input>["call"], risk: Risk = "read"): Tool {
  return defineTool({ name, description: "", input, category: "test", risk, source: "test", call });
}

/** Tools of a test beside the built-in ones; whoever calls a destructive one is asked. */
async function openTools(...tools: readonly Tool[]): Promise<Toolbox> {
  const builtin = createBuiltinSource({
    catalogue: { get: (name) => toolbox.registry.get(name) },
    search: createToolSearch({ catalogue: createMemoryCatalogue() }),
    call: (name, args, context) => toolbox.call(name, args, context),
    describeStatus: () => ({}),
    versions: {},
    commandPath: "",
  });
  const needsYes = requireApproval({
    demandOf: ({ tool: { source } }, { risk }) =>
      source === "test" && risk === "destructive" ? { rememberMs: 0 } : undefined,
  });
  const toolbox: Toolbox = await openToolbox({
    sources: [builtin, createMemorySource("test", tools)],
    middleware: [needsYes],
  });
  await toolbox.ready;
  return toolbox;
}

const calls = (...names: readonly string[]) => ({ calls: names.map((name) => ({ name })) });

describe.each(["call_many", "call_many_readonly"])("%s", (many) => {
  it("answers in the order of the calls, whichever ends first", async () => {
    const first = Promise.withResolvers<void>();
    await using toolbox = await openTools(
      tool("slow", async ({ text }) => {
        await first.promise;
        return textResult(`slow ${text}`);
      }),
      tool("fast", async () => {
        first.resolve();
        return textResult("fast");
      }),
    );
    const request = { calls: [{ name: "slow", arguments: { text: "tea" } }, { name: "fast" }] };
    expect(await toolbox.call(many, request, createTestContext())).toEqual({
      content: ["1. slow", "slow tea", "2. fast", "fast"].map((text) => ({ type: "text", text })),
      structuredContent: {
        results: [
          { name: "slow", ...textResult("slow tea") },
          { name: "fast", ...textResult("fast") },
        ],
      },
    });
  });

  it("says of each call by itself why it failed", async () => {
    await using toolbox = await openTools(
      tool("good", async () => textResult("fine")),
      tool("broken", () => Promise.reject(new TypeError("hunter2"))),
    );
    const names = ["good", "broken", "absent", ...metaToolNames];
    const result = await toolbox.call(many, calls(...names), createTestContext());
    expect(result.isError).toBeUndefined();
    const failedWith = (code: string) => ({
      isError: true,
      _meta: { "op-mcp/error": { code } },
    });
    expect(result.structuredContent).toMatchObject({
      results: [
        { name: "good", content: [{ text: "fine" }] },
        failedWith("ERR_INTERNAL"),
        failedWith("ERR_TOOL_NOT_FOUND"),
        ...metaToolNames.map(() => failedWith("ERR_META_TOOL_NESTED")),
      ],
    });
    expect(JSON.stringify(result)).not.toContain("hunter2");
  });

  it("is an error where every call is", async () => {
    await using toolbox = await openTools();
    const result = await toolbox.call(many, calls("absent", "gone"), createTestContext());
    expect(result.isError).toBe(true);
  });

  it("runs a few at a time", async () => {
    let running = 0;
    let most = 0;
    const full = Promise.withResolvers<void>();
    await using toolbox = await openTools(
      tool("busy", async () => {
        most = Math.max(most, (running += 1));
        if (running === 5) full.resolve();
        await full.promise;
        running -= 1;
        return textResult("");
      }),
    );
    await toolbox.call(many, calls(...Array<string>(20).fill("busy")), createTestContext());
    expect(most).toBe(5);
    const tooMany = calls(...Array<string>(21).fill("busy"));
    expect((await toolbox.call(many, tooMany, createTestContext())).isError).toBe(true);
  });

  it("ends all of its calls when it is cancelled", async () => {
    const ended: unknown[] = [];
    const started = Promise.withResolvers<void>();
    await using toolbox = await openTools(
      tool("endless", (_args, { signal }) => {
        started.resolve();
        return new Promise((_resolve, reject) => {
          signal.addEventListener("abort", () => {
            ended.push(signal.reason);
            reject(signal.reason);
          });
        });
      }),
    );
    const leaving = new AbortController();
    const { signal } = leaving;
    const request = calls("endless", ...Array<string>(6).fill("endless"));
    const result = toolbox.call(many, request, createTestContext({ signal }));
    await started.promise;
    const reason = new Error("the client left");
    leaving.abort(reason);
    await expect(result).rejects.toBe(reason);
    // Those that waited for their turn never began.
    expect(ended).toEqual(Array.from({ length: 5 }, () => reason));
  });

  it("passes progress on as its own, which only grows", async () => {
    const stepsDone = Promise.withResolvers<void>();
    await using toolbox = await openTools(
      tool("steps", async (_args, { reportProgress }) => {
        reportProgress({ progress: 1, total: 2, message: "half" });
        reportProgress({ progress: 1, total: 4, message: "back" });
        return textResult("");
      }),
      tool("other", async () => {
        await stepsDone.promise;
        return textResult("");
      }),
    );
    const seen: ProgressUpdate[] = [];
    const context = createTestContext({
      reportProgress: (update) => {
        seen.push(update);
        if (update.progress === 1) stepsDone.resolve();
      },
    });
    await toolbox.call(many, calls("steps", "other"), context);
    expect(seen).toEqual([
      { progress: 0.5, total: 2, message: "steps: half" },
      { progress: 1, total: 2, message: "steps: done" },
      { progress: 2, total: 2, message: "other: done" },
    ]);
  });

  it("gives each call an id of its own, and its own name", async () => {
    const seen: unknown[] = [];
    await using toolbox = await openTools(
      tool("look", async (_args, { requestId, via }) => {
        seen.push([requestId, via]);
        return textResult("");
      }),
    );
    await toolbox.call(many, calls("look", "look"), createTestContext({ requestId: "s:7" }));
    expect(seen).toEqual([
      ["s:7.1", many],
      ["s:7.2", many],
    ]);
  });
});

describe("a call of several that may lose something", () => {
  const erase = () => {
    const runs: string[] = [];
    const erasing = tool(
      "erase",
      async ({ text }) => {
        runs.push(text);
        return textResult("gone");
      },
      "destructive",
    );
    return { runs, erasing };
  };

  it("is refused where a person has to agree, and says to make it alone", async () => {
    const { runs, erasing } = erase();
    await using toolbox = await openTools(
      erasing,
      tool("look", async () => textResult("seen")),
    );
    const asked: unknown[] = [];
    const context = createTestContext({
      ask: async (question) => {
        asked.push(question);
        return { action: "accept", content: {} };
      },
    });
    const result = await toolbox.call("call_many", calls("erase", "look"), context);
    expect(result.structuredContent).toMatchObject({
      results: [
        {
          isError: true,
          _meta: {
            "op-mcp/error": {
              code: "ERR_APPROVAL_UNAVAILABLE",
              advice: expect.stringContaining("by itself"),
            },
          },
        },
        { content: [{ text: "seen" }] },
      ],
    });
    expect([runs, asked]).toEqual([[], []]);
    await toolbox.call("call_tool", { name: "erase" }, context);
    expect(runs).toHaveLength(1);
  });

  it("is refused where only reading is allowed", async () => {
    const { runs, erasing } = erase();
    await using toolbox = await openTools(erasing);
    const result = await toolbox.call("call_many_readonly", calls("erase"), createTestContext());
    expect(JSON.stringify(result)).toContain("ERR_TOOL_NOT_READONLY");
    expect(runs).toEqual([]);
  });
});
