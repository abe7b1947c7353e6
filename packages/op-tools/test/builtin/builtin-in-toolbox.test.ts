import type { Middleware, ToolContext } from "op-tools";
import * as z from "zod";
import { expect, test } from "vitest";
import { isMetaTool, metaToolNames } from "../../src/builtin/builtin-descriptors.ts";
import { createBuiltinSource } from "../../src/builtin/builtin-source.ts";
import { createToolView } from "../../src/disclosure/create-tool-view.ts";
import { restrict } from "../../src/middleware/restrict.ts";
import { createToolSearch } from "../../src/search/tool-search.ts";
import { createMemorySource } from "../../src/sources/memory-source.ts";
import { describeToolSource } from "../../src/testing/tool-source-contract.ts";
import { defineTool } from "../../src/tool/define-tool.ts";
import { textResult } from "../../src/tool/tool-result.ts";
import { openToolbox, type Toolbox } from "../../src/toolbox.ts";
import { createTestContext } from "../../src/testing/index.ts";
import { createMemoryCatalogue } from "../search/memory-catalogue.ts";

/** Built-in tools over a toolbox that holds them. */
function createSource(toolbox: () => Toolbox) {
  const registry = () => toolbox().registry;
  const catalogue = {
    get size() {
      return registry().size;
    },
    names: () => registry().names(),
    has: (name: string) => registry().has(name),
    get: (name: string) => registry().get(name),
    onEvent: (listener: (event: { readonly name: string }) => void) => registry().onEvent(listener),
  };
  return createBuiltinSource({
    catalogue,
    search: createToolSearch({ catalogue }),
    call: (name, args, context) => toolbox().call(name, args, context),
    usageOf: (name) => registry().usage(name),
    describeStatus: () => ({ known: registry().size }),
    versions: {},
    commandPath: "/bin",
  });
}

const water = (name: string, category: string) =>
  defineTool({
    name,
    description: `Waters the ${category}.`,
    input: z.strictObject({ litres: z.int() }),
    category,
    risk: "write",
    source: "garden",
    call: async ({ litres }) => textResult(`${litres} litres`),
  });

async function openGarden() {
  const seen: string[] = [];
  const limit: Middleware = {
    name: "limit",
    priority: 1,
    before: ({ tool }) => {
      seen.push(tool.name);
      return undefined;
    },
  };
  const toolbox: Toolbox = await openToolbox({
    sources: [
      createSource(() => toolbox),
      createMemorySource("garden", [water("water_roses", "roses"), water("water_lawn", "lawn")]),
    ],
    middleware: [restrict(limit, (tool) => !isMetaTool(tool))],
  });
  await toolbox.ready;
  const view = createToolView({
    catalogue: toolbox.registry,
    call: (name, args, context: ToolContext) => toolbox.call(name, args, context),
    metaTools: metaToolNames,
    mode: "search",
    context: { categories: ["roses"] },
  });
  return { toolbox, view, seen };
}

test("a hidden tool is found, called under its own name and limited once", async () => {
  const { toolbox, view, seen } = await openGarden();
  await using _toolbox = toolbox;
  const context = createTestContext();
  expect(view.slice(0, view.size).map(({ name }) => name)).toEqual(metaToolNames);
  const found = await view.call("search_tools", { query: "water" }, context);
  expect(JSON.stringify(found)).toContain("water_roses");
  const request = { name: "water_roses", arguments: { litres: 3 } };
  expect(await view.call("call_tool", request, context)).toEqual(textResult("3 litres"));
  expect(seen).toEqual(["water_roses"]);
});

test("what is outside of the view's context is neither found nor called through it", async () => {
  const { toolbox, view, seen } = await openGarden();
  await using _toolbox = toolbox;
  const context = createTestContext();
  const found = await view.call("search_tools", { query: "water lawn" }, context);
  expect(JSON.stringify(found)).not.toContain("water_lawn");
  const request = { name: "water_lawn", arguments: { litres: 3 } };
  await expect(view.call("call_tool", request, context)).rejects.toMatchObject({
    code: "ERR_TOOL_NOT_FOUND",
  });
  expect(seen).toEqual([]);
});

describeToolSource("built-in tools", async () => {
  const catalogue = createMemoryCatalogue();
  return createBuiltinSource({
    catalogue,
    search: createToolSearch({ catalogue }),
    call: async () => textResult(""),
    describeStatus: () => ({}),
    versions: {},
    commandPath: "",
  });
});
