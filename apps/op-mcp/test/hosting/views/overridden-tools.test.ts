import { createMemorySource, createToolView, openToolbox, textResult } from "op-tools";
import { defineTool } from "op-tools/define";
import { createTestContext } from "op-tools/testing";
import { expect, it } from "vitest";
import { z } from "zod";
import { overrideTools } from "../../../src/hosting/views/overridden-tools.ts";
import { ToolOverride } from "../../../src/hosting/views/override-config.ts";

const tool = (name: string) =>
  defineTool({
    name,
    description: name,
    input: z.strictObject({ repo: z.string().default(""), text: z.string().default("") }),
    category: "sample",
    risk: "read",
    call: async (args) => textResult(`${name} ${JSON.stringify(args)}`),
  });

async function setUp(...overrides: readonly Partial<ToolOverride>[]) {
  const names = ["find", "tell", "wipe_all"];
  const toolbox = await openToolbox({ sources: [createMemorySource("s", names.map(tool))] });
  await toolbox.ready;
  const view = createToolView({
    catalogue: toolbox.registry,
    call: (name, args, context) => toolbox.call(name, args, context),
    metaTools: [],
    mode: "direct",
  });
  const shown = overrideTools(
    view,
    overrides.map((each) => ToolOverride.parse(each)),
  );
  return {
    shown,
    [Symbol.asyncDispose]: async () => {
      view[Symbol.dispose]();
      await toolbox[Symbol.asyncDispose]();
    },
  };
}

it("shows, finds and calls tools as a profile says", async () => {
  await using views = await setUp(
    { match: "wipe_*", hide: true },
    { match: "find", rename: "search_mine", description: "Searches mine.", pin: { repo: "mine" } },
  );
  const { shown } = views;
  expect(shown.slice(0, shown.size).map(({ name }) => name)).toEqual(["search_mine", "tell"]);
  expect(shown.find("search_mine")).toMatchObject({
    description: "Searches mine.",
    inputSchema: { properties: { text: {} } },
  });
  expect(shown.find("search_mine")?.inputSchema["properties"]).not.toHaveProperty("repo");
  const context = createTestContext();
  const found = await shown.call("search_mine", { text: "a", repo: "theirs" }, context);
  expect(found).toEqual(textResult('find {"repo":"mine","text":"a"}'));
  expect(shown.find("wipe_all")).toBeUndefined();
  await expect(shown.call("wipe_all", {}, context)).rejects.toMatchObject({
    code: "ERR_TOOL_NOT_FOUND",
  });
});

it("is the view itself where nothing is changed", async () => {
  await using views = await setUp();
  expect(views.shown.size).toBe(3);
});
