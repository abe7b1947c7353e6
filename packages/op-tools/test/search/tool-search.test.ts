import { expect, test } from "vitest";
import { createToolFilter } from "../../src/disclosure/tool-filter.ts";
import { createToolSearch, type ToolSearchRequest } from "../../src/search/tool-search.ts";
import { catalogue, toDescriptor } from "./catalogue.ts";
import { createDistractors } from "./distractors.ts";
import { createMemoryCatalogue } from "./memory-catalogue.ts";
import { heldOutQuestions, questions, tuningQuestions, type Question } from "./questions.ts";

const signal = new AbortController().signal;
const everything = [...catalogue, ...createDistractors(10_000 - catalogue.length)];

const lamp = toDescriptor({
  name: "lamp_dim",
  description: "Dims the lamp of the greenhouse.",
  category: "garden",
  source: "greenhouse",
  risk: "write",
  tags: "garden",
  args: "percent: how much",
});

function openSearch(tools = catalogue) {
  const memory = createMemoryCatalogue(tools);
  const search = createToolSearch({ catalogue: memory });
  const find = (request: Partial<ToolSearchRequest> & { query: string }) =>
    search.search({ limit: 5, ...request }, { signal });
  const names = async (request: Partial<ToolSearchRequest> & { query: string }) =>
    (await find(request)).hits.map((hit) => hit.name);
  return { memory, search, find, names, [Symbol.dispose]: () => search[Symbol.dispose]() };
}

test("every question names tools that exist", () => {
  const known = new Set(catalogue.map((tool) => tool.name));
  expect(questions.flatMap(({ right }) => right).filter((name) => !known.has(name))).toEqual([]);
  expect(questions.length).toBeGreaterThanOrEqual(120);
  expect(new Set(everything.map((tool) => tool.name)).size).toBe(10_000);
});

test.for([
  ["it was not tuned on", heldOutQuestions],
  ["it was tuned on", tuningQuestions],
] as const)(
  "finds the right tool among the first five for 90 % of questions %s",
  async ([, asked]) => {
    using opened = openSearch(everything);
    const missed: Question[] = [];
    for (const question of asked) {
      const found = await opened.names({ query: question.text });
      if (!question.right.some((name) => found.includes(name))) missed.push(question);
    }
    const allowed = Math.floor(asked.length * 0.1);
    expect(missed.slice(allowed)).toEqual([]);
  },
);

test.for([
  ["a synonym", "reload the web daemon"],
  ["a typing mistake", "restrat a unit"],
  ["the beginning of the last word", "unit resta"],
  ["the tool's own name", "systemd_restart_unit"],
  ["camel case", "RestartUnit"],
])("finds a tool by %s", async ([, query = ""]) => {
  using opened = openSearch();
  expect(await opened.names({ query })).toContain("systemd_restart_unit");
});

test("narrows by source, category, risk and context", async () => {
  using opened = openSearch();
  const query = "list devices";
  const sourcesOf = async (request: Partial<ToolSearchRequest>) =>
    new Set(
      (await opened.find({ query, limit: 50, ...request })).hits.map((hit) => hit.descriptor),
    );
  for (const tool of await sourcesOf({ source: "bluez" })) expect(tool.source).toBe("bluez");
  for (const tool of await sourcesOf({ category: "storage" }))
    expect(tool.category).toBe("storage");
  for (const tool of await sourcesOf({ risk: "destructive" }))
    expect(tool.risk).toBe("destructive");
  const context = createToolFilter({ names: ["nm_*"] });
  for (const tool of await sourcesOf({ context })) expect(tool.name).toMatch(/^nm_/u);
});

test("pages through the same order and says whether there is more", async () => {
  using opened = openSearch();
  const all = await opened.find({ query: "network", limit: 300 });
  expect(all.truncated).toBe(false);
  expect(all.hits).toHaveLength(all.total);
  const second = await opened.find({ query: "network", limit: 3, offset: 3 });
  expect(second.hits).toEqual(all.hits.slice(3, 6));
  expect(second).toMatchObject({ total: all.total, truncated: true });
});

test.for(["", "  ", "what is this?"])("answers %j with an overview", async (query) => {
  using opened = openSearch();
  const { overview, total, hits } = await opened.find({ query, source: "git" });
  expect(overview).toEqual([{ source: "git", category: "git", count: total }]);
  expect(hits.map((hit) => hit.name)).toEqual(hits.map((hit) => hit.name).toSorted());
});

test("answers a query that nothing matches with nothing", async () => {
  using opened = openSearch();
  expect(await opened.find({ query: "xylophone qwertz" })).toEqual({
    hits: [],
    total: 0,
    truncated: false,
  });
});

test("follows tools that come, change and go", async () => {
  using opened = openSearch();
  expect(await opened.names({ query: "greenhouse" })).toEqual([]);
  opened.memory.set(lamp);
  expect(await opened.names({ query: "greenhouse" })).toEqual(["lamp_dim"]);
  opened.memory.set({ ...lamp, source: "home", description: "Dims the lamp of the cellar." });
  expect(await opened.names({ query: "greenhouse" })).toEqual([]);
  expect(await opened.names({ query: "cellar" })).toEqual(["lamp_dim"]);
  opened.memory.delete("lamp_dim");
  expect(await opened.names({ query: "cellar" })).toEqual([]);
});

test("never shows a tool that went while the index was being made", async () => {
  using opened = openSearch(everything);
  const found = opened.names({ query: "restart a unit" });
  opened.memory.delete("systemd_restart_unit");
  expect(await found).not.toContain("systemd_restart_unit");
});

test("reads and listens to nothing before the first search, and lets go when disposed", async () => {
  const opened = openSearch();
  expect(opened.memory).toMatchObject({ reads: [], listeners: 0 });
  await opened.names({ query: "disk" });
  expect(opened.memory.listeners).toBe(1);
  opened[Symbol.dispose]();
  expect(opened.memory.listeners).toBe(0);
});

test("an aborted caller leaves at once and the others are served", async () => {
  using opened = openSearch(everything);
  const controller = new AbortController();
  const request = { query: "restart a unit", limit: 5 };
  const aborted = opened.search.search(request, { signal: controller.signal });
  const served = opened.names(request);
  controller.abort(new Error("left"));
  await expect(aborted).rejects.toThrow("left");
  expect(await served).toContain("systemd_restart_unit");
  await expect(opened.search.search(request, { signal: controller.signal })).rejects.toThrow(
    "left",
  );
});

test("lets other work run while it indexes 10,000 tools", async () => {
  using opened = openSearch(everything);
  let turns = 0;
  let isDone = false;
  const turn = (): void => {
    turns++;
    if (!isDone) setImmediate(turn);
  };
  setImmediate(turn);
  await opened.names({ query: "disk" });
  isDone = true;
  expect(turns).toBeGreaterThan(10);
});

test("a boost moves a tool up", async () => {
  const memory = createMemoryCatalogue(catalogue);
  using search = createToolSearch({
    catalogue: memory,
    boost: ({ name }) => (name === "systemd_mask_units" ? 50 : 1),
  });
  const { hits } = await search.search({ query: "start a unit", limit: 1 }, { signal });
  expect(hits[0]?.name).toBe("systemd_mask_units");
});
