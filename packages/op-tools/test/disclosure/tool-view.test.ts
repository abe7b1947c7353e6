import * as fc from "fast-check";
import { ToolNotFoundError, type ToolContext } from "op-tools";
import { expect, test } from "vitest";
import { createToolView, type ToolViewOptions } from "../../src/disclosure/create-tool-view.ts";
import { DisclosureConfig } from "../../src/disclosure/disclosure-config.ts";
import { createToolRegistry } from "../../src/registry/tool-registry.ts";
import { withSignal } from "../../src/tool/derive-context.ts";
import { toDescriptor } from "../search/catalogue.ts";
import { createDistractors } from "../search/distractors.ts";
import { createMemoryCatalogue } from "../search/memory-catalogue.ts";
import { createTestContext } from "../../src/testing/index.ts";

const metaTools = ["search_tools", "call_tool"];

const factory = () => Promise.reject(new Error("nothing is loaded"));
const answerNothing = () => Promise.resolve({ content: [] });

function tool(name: string, category = "any") {
  return toDescriptor({
    name,
    category,
    description: "",
    source: metaTools.includes(name) ? "builtin" : "test",
    risk: "read",
    tags: "",
    args: "",
  });
}

function openView(names: readonly string[], options: Partial<ToolViewOptions> = {}) {
  const catalogue = createMemoryCatalogue([...metaTools, ...names].map((name) => tool(name)));
  const calls: string[] = [];
  const view = createToolView({
    catalogue,
    call: async (name, _args, context) => {
      calls.push(name);
      const inside = context.narrowedTo?.(tool("b", "network")) ?? true;
      return { content: [], structuredContent: { inside } };
    },
    metaTools,
    mode: "direct",
    ...options,
  });
  return { catalogue, view, calls };
}

const listed = ({ view }: ReturnType<typeof openView>) =>
  view.slice(0, view.size).map(({ name }) => name);

test("direct lists pinned tools, meta tools, then the others by name", () => {
  const opened = openView(["c", "a", "b"], { pinned: ["c", "missing"] });
  expect(listed(opened)).toEqual(["c", "search_tools", "call_tool", "a", "b"]);
});

test("search lists only pinned and meta tools, and the others stay callable", async () => {
  const opened = openView(["c", "a", "b"], { mode: "search", pinned: ["c"] });
  expect(listed(opened)).toEqual(["c", "search_tools", "call_tool"]);
  expect(opened.view.find("a")?.name).toBe("a");
  await opened.view.call("a", {}, createTestContext());
  expect(opened.calls).toEqual(["a"]);
});

test("auto lists everything up to the threshold, which meta tools do not count against", () => {
  const opened = openView(["a", "b"], { mode: "auto", autoThreshold: 2 });
  expect(listed(opened)).toEqual(["search_tools", "call_tool", "a", "b"]);
  opened.catalogue.set(tool("c"));
  expect(listed(opened)).toEqual(["search_tools", "call_tool"]);
  opened.catalogue.delete("a");
  expect(listed(opened)).toEqual(["search_tools", "call_tool", "b", "c"]);
});

test("a context narrows what is listed, found and callable, also for tools that call others", async () => {
  const opened = openView(["a"], { context: { categories: ["network"] }, pinned: ["a"] });
  opened.catalogue.set(tool("b", "network"));
  expect(listed(opened)).toEqual(["search_tools", "call_tool", "b"]);
  expect(opened.view.find("a")).toBeUndefined();
  const context = createTestContext();
  await expect(opened.view.call("a", {}, context)).rejects.toBeInstanceOf(ToolNotFoundError);
  expect(opened.calls).toEqual([]);
  expect(await opened.view.call("search_tools", {}, context)).toMatchObject({
    structuredContent: { inside: true },
  });
  const stricter = { ...context, narrowedTo: () => false };
  await expect(opened.view.call("b", {}, stricter)).rejects.toBeInstanceOf(ToolNotFoundError);
  expect(await opened.view.call("search_tools", {}, stricter)).toMatchObject({
    structuredContent: { inside: false },
  });
});

test("a slice of 10,000 tools reads no descriptor outside of it", () => {
  const catalogue = createMemoryCatalogue(createDistractors(10_000));
  const view = createToolView({
    catalogue,
    call: answerNothing,
    metaTools: [],
    mode: "direct",
  });
  expect(view.size).toBe(10_000);
  expect(view.revision).not.toBe("");
  const names = view.slice(5_000, 5_003).map(({ name }) => name);
  expect(catalogue.reads).toEqual(names);
});

test("reads nothing before the list is wanted", () => {
  const catalogue = createMemoryCatalogue([tool("a")]);
  createToolView({
    catalogue,
    call: answerNothing,
    metaTools,
    mode: "auto",
    context: { names: ["a"] },
  });
  expect(catalogue.reads).toEqual([]);
});

test("two views of equal tools have the same revision", () => {
  expect(openView(["a", "b"]).view.revision).toBe(openView(["b", "a"]).view.revision);
  expect(openView(["a"]).view.revision).not.toBe(openView(["b"]).view.revision);
});

test("a disposed view follows nothing", () => {
  const { catalogue, view } = openView([]);
  expect(catalogue.listeners).toBe(1);
  view[Symbol.dispose]();
  expect(catalogue.listeners).toBe(0);
});

const names = ["a", "b", "c", "d", "e", ...metaTools];
const step = fc.record({
  name: fc.constantFrom(...names),
  category: fc.constantFrom("gone", "network", "storage"),
});
const setup = fc.record({
  mode: fc.constantFrom("direct", "search", "auto"),
  autoThreshold: fc.integer({ min: 0, max: 4 }),
  pinned: fc.uniqueArray(fc.constantFrom("a", "b", "search_tools")),
  context: fc.constantFrom({}, { categories: ["network"] }, { names: ["a", "c"] }),
});

test("revision and events change exactly when the list does", () => {
  fc.assert(
    fc.property(setup, fc.array(step, { maxLength: 30 }), (options, steps) => {
      const opened = openView([], options);
      let events = 0;
      using _subscription = opened.view.onChanged(() => events++);
      for (const { name, category } of steps) {
        const before = { list: contents(opened), revision: opened.view.revision, events };
        if (category === "gone") opened.catalogue.delete(name);
        else if (opened.catalogue.get(name)?.category !== category) {
          opened.catalogue.set(tool(name, category));
        }
        const hasChanged = contents(opened) !== before.list;
        expect(events - before.events).toBe(hasChanged ? 1 : 0);
        expect(opened.view.revision !== before.revision).toBe(hasChanged);
      }
    }),
    { seed: 4, numRuns: 500 },
  );
});

function contents({ view }: ReturnType<typeof openView>): string {
  return JSON.stringify(view.slice(0, view.size));
}

test("the configuration is complete when nothing is given, and strict", () => {
  expect(DisclosureConfig.parse({})).toEqual({
    mode: "auto",
    autoThreshold: 30,
    pinned: [],
    context: { categories: [], tags: [], sources: [], names: [] },
  });
  expect(DisclosureConfig.safeParse({ mode: "all" }).success).toBe(false);
  expect(DisclosureConfig.safeParse({ pin: [] }).success).toBe(false);
});

test("follows a registry", () => {
  const registry = createToolRegistry();
  const view = createToolView({
    catalogue: registry,
    call: answerNothing,
    metaTools,
    mode: "direct",
  });
  let events = 0;
  using _subscription = view.onChanged(() => events++);
  registry.register("a", { descriptor: tool("a"), factory });
  registry.replace("a", { descriptor: tool("a", "network"), factory });
  expect(view.slice(0, 1)).toEqual([tool("a", "network")]);
  registry.unregister("a");
  expect({ events, size: view.size }).toEqual({ events: 3, size: 0 });
});

test("a narrowed call keeps the rest of its context, also through a deadline", async () => {
  const seen: ToolContext[] = [];
  const catalogue = createMemoryCatalogue([tool("a")]);
  const view = createToolView({
    catalogue,
    call: async (_name, _args, context) => {
      seen.push(context, withSignal(context, AbortSignal.abort()));
      return { content: [] };
    },
    metaTools,
    mode: "direct",
    context: { names: ["a"] },
  });
  const { meta, ...context } = createTestContext();
  class LazyContext {
    get meta() {
      return meta;
    }
  }
  await view.call("a", {}, Object.assign(new LazyContext(), context));
  for (const { meta: kept, narrowedTo } of seen) {
    expect(kept).toBe(meta);
    expect(narrowedTo?.(tool("a"))).toBe(true);
    expect(narrowedTo?.(tool("b"))).toBe(false);
  }
  expect(seen).toHaveLength(2);
});
