import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { silentLogger, systemClock } from "op-core";
import { createManualClock } from "op-core/testing";
import type { ResourceSource } from "op-tools";
import { afterAll, describe, expect, it } from "vitest";
import { createPluginPrompts } from "../../src/plugins/plugin-prompts.ts";
import { createPluginResources } from "../../src/plugins/plugin-resources.ts";
import { createPluginSource } from "../../src/plugins/plugin-source.ts";

const folder = mkdtempSync(join(tmpdir(), "op-mcp-plugin-"));

afterAll(() => rmSync(folder, { recursive: true }));

let count = 0;

/** Every module has a path of its own: Node keeps what it imported. */
function plugin(code: string): string {
  count += 1;
  const path = join(folder, `plugin-${count}.mjs`);
  writeFileSync(path, code);
  return path;
}

const { signal } = new AbortController();
const options = { signal, principal: { id: "test", scopes: [] } };
const plain = { clock: systemClock, logger: silentLogger };

const offering = (scheme: string): string => `
const uri = "${scheme}://one";
export const openResourceSource = () => ({
  name: "inner",
  async *list() { yield { uri, name: "one" }; },
  async *templates() { yield { uriTemplate: "${scheme}://{name}", name: "any" }; },
  owns: (asked) => asked.startsWith("${scheme}://"),
  read: async (asked) => [{ uri: asked, text: "${scheme} says hello" }],
  complete: async () => ({ values: ["one"] }),
  async *changes() { yield { kind: "resource-updated", uri }; },
  async [Symbol.asyncDispose]() {},
});
export const openPromptSource = () => ({
  name: "inner",
  async *list() { yield { name: "${scheme}" }; },
  get: async () => ({ messages: [{ role: "user", content: { type: "text", text: "${scheme}" } }] }),
  async *changes() { yield { kind: "prompt-list-changed" }; },
  async [Symbol.asyncDispose]() {},
});`;

const broken = "throw new Error('broken inside')";
const onlyTools = "export const openToolSource = () => { throw new Error('not needed here') }";

/** Asks as the protocol does: each in turn whether it answers for a URI. */
function ownerOf(sources: readonly ResourceSource[], uri: string): ResourceSource {
  const owner = sources.find((source) => source.owns(uri));
  if (owner === undefined) throw new Error(`nobody owns ${uri}`);
  return owner;
}

describe("the resources of plugins", () => {
  const paths = (): string[] => [broken, onlyTools, offering("a"), offering("b")].map(plugin);

  it("are read before anybody listed them, also beside a broken plugin", async () => {
    const sources = createPluginResources(paths(), plain);
    const contents = await ownerOf(sources, "b://one").read("b://one", options);
    expect(contents).toEqual([{ uri: "b://one", text: "b says hello" }]);
    expect(ownerOf(sources, "a://one").name).toMatch(/^plugin-/);
    const nobody = ownerOf(sources, "c://one").read("c://one", options);
    await expect(nobody).rejects.toMatchObject({ code: "ERR_RESOURCE_NOT_FOUND" });
  });

  it("are listed with their templates, and change once they are used", async () => {
    const [source] = createPluginResources([plugin(offering("a"))], plain);
    const changes = source?.changes?.({ signal })[Symbol.asyncIterator]();
    const first = changes?.next();
    expect(await Array.fromAsync(source?.list({ signal }) ?? [])).toMatchObject([{ name: "one" }]);
    expect(await Array.fromAsync(source?.templates?.({ signal }) ?? [])).toHaveLength(1);
    expect(await first).toMatchObject({ value: { kind: "resource-updated" } });
    const request = { of: "a://{name}", argument: "name", value: "", known: {} };
    expect(await source?.complete?.(request, options)).toEqual({ values: ["one"] });
  });

  it("of a module that never loads are given up in time", async () => {
    const clock = createManualClock();
    const never = plugin("await new Promise(() => undefined)");
    const [source] = createPluginResources([never], { clock, logger: silentLogger });
    const listing = Array.fromAsync(source?.list({ signal }) ?? []);
    listing.catch(() => undefined);
    await clock.advance(5000);
    await expect(listing).rejects.toThrow("Loading the plugin");
  });

  it("do not exist where there is no plugin", () => {
    expect(createPluginResources([], plain)).toEqual([]);
  });
});

describe("the prompts of a plugin", () => {
  it("are listed and filled in, and change once they are used", async () => {
    await using source = createPluginPrompts(plugin(offering("a")), plain);
    const first = source.changes?.({ signal })[Symbol.asyncIterator]().next();
    expect(await source.get("a", {}, options)).toMatchObject({ messages: [{ role: "user" }] });
    expect(await Array.fromAsync(source.list({ signal }))).toEqual([{ name: "a" }]);
    expect(await first).toMatchObject({ value: { kind: "prompt-list-changed" } });
  });

  it.each([
    ["is broken", broken],
    ["has only tools", onlyTools],
  ])("that %s hide no other's", async (_what, code) => {
    await using source = createPluginPrompts(plugin(code), plain);
    const getting = source.get("a", {}, options);
    await expect(getting).rejects.toMatchObject({ code: "ERR_PROMPT_NOT_FOUND" });
  });
});

it("a plugin without tools has an empty list of them", async () => {
  await using source = createPluginSource(plugin(offering("a")));
  expect(await Array.fromAsync(source.list({ signal }))).toEqual([]);
  await expect(source.load("x", { signal })).rejects.toMatchObject({ code: "ERR_TOOL_NOT_FOUND" });
});
