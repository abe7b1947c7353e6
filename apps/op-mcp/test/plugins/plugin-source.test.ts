import { mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { describeToolSource } from "op-tools/testing";
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

const good = `
const tool = {
  name: "greet", description: "Greets.", inputSchema: { type: "object" }, annotations: {},
  category: "example", tags: [], source: "whatever it says", risk: "read",
};
globalThis.openedPlugins = (globalThis.openedPlugins ?? 0) + 1;
export const openToolSource = () => ({
  name: "inner",
  async *list({ signal }) { signal.throwIfAborted(); yield tool; },
  async load(name, { signal }) {
    signal.throwIfAborted();
    if (name !== "greet") { const { ToolNotFoundError } = await import(${JSON.stringify(import.meta.resolve("op-tools"))}); throw new ToolNotFoundError(name); }
    return { ...tool, call: async () => ({ content: [] }) };
  },
  async [Symbol.asyncDispose]() { globalThis.closedPlugins = (globalThis.closedPlugins ?? 0) + 1; },
});`;

const goodPath = plugin(good);

describeToolSource("a plugin", () => Promise.resolve(createPluginSource(goodPath)));

describe("a plugin", () => {
  const { signal } = new AbortController();

  it.each([
    ["that throws while it loads", "throw new Error('broken inside')", "broken inside"],
    ["that exports nothing", "export const other = 1", "openToolSource"],
    ["that is no module", "this is not javascript", "cannot be used"],
  ])("%s says so, whenever it is asked", async (_what, code, message) => {
    await using source = createPluginSource(plugin(code));
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const listing = Array.fromAsync(source.list({ signal }));
      await expect(listing).rejects.toMatchObject({
        code: "ERR_PLUGIN",
        message: expect.stringContaining(message),
      });
    }
  });

  it("that is not there says so", async () => {
    await using source = createPluginSource(join(folder, "missing.mjs"));
    await expect(source.fingerprint?.({ signal })).rejects.toMatchObject({ code: "ERR_PLUGIN" });
    await expect(source.load("x", { signal })).rejects.toMatchObject({ code: "ERR_PLUGIN" });
  });

  it("that never finishes loading does not keep whoever closes it", async () => {
    const source = createPluginSource(plugin("await new Promise(() => undefined)"));
    void source.load("x", { signal });
    await expect(source[Symbol.asyncDispose]()).resolves.toBeUndefined();
  });

  it("that is there only after it was closed is closed then", async () => {
    const closed = Promise.withResolvers<void>();
    const loading = Promise.withResolvers<void>();
    Object.assign(globalThis, { lateLoading: loading.promise, lateClosed: closed.resolve });
    const source = createPluginSource(
      plugin(`
        await globalThis.lateLoading;
        export const openToolSource = () => ({ [Symbol.asyncDispose]: async () => globalThis.lateClosed() });
      `),
    );
    const late = source.load("x", { signal });
    late.catch(() => undefined);
    await source[Symbol.asyncDispose]();
    loading.resolve();
    await closed.promise;
    await expect(late).rejects.toThrow("closed while it was loading");
  });

  it("is not loaded to be known, and has another fingerprint once its file changed", async () => {
    const path = plugin("throw new Error('was loaded')");
    await using source = createPluginSource(path);
    const before = await source.fingerprint?.({ signal });
    expect(await source.fingerprint?.({ signal })).toBe(before);
    utimesSync(path, 1, 1);
    expect(await source.fingerprint?.({ signal })).not.toBe(before);
  });
});
