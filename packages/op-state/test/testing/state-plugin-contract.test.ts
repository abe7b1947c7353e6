import { AssertionError } from "node:assert";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { StatePlugin } from "../../src/index.ts";
import { createFilesPlugin } from "../../src/plugins/index.ts";
import { statePluginContract } from "../../src/testing/index.ts";
import { openScratch } from "../scratch.ts";

/** What the contract says of a plugin that is wrong in one way: the names of the cases that fail. */
async function failuresOf(change: (plugin: StatePlugin) => Partial<StatePlugin>) {
  const cases = statePluginContract(async () => {
    const scratch = await openScratch();
    const path = join(scratch.path, "a");
    await writeFile(path, "before");
    const plugin = createFilesPlugin({ root: scratch.path });
    return {
      plugin: { ...plugin, ...change(plugin) },
      states: [
        [{ key: "/a", desired: { content: "1" } }],
        [{ key: "/a", desired: { content: "2" } }],
      ],
      look: () => readFile(path, "utf8"),
      disturb: () => writeFile(path, "by hand"),
      [Symbol.asyncDispose]: () => scratch[Symbol.asyncDispose](),
    };
  });
  const failed: string[] = [];
  for (const { name, check } of cases) {
    try {
      await check();
    } catch (error) {
      if (!(error instanceof AssertionError)) throw error;
      failed.push(name);
    }
  }
  return failed;
}

describe("the contract of plugins", () => {
  it("passes a plugin that is right", async () => {
    expect(await failuresOf(() => ({}))).toEqual([]);
  });

  it("finds a plugin that does nothing", async () => {
    const failed = await failuresOf(() => ({ apply: async () => undefined }));
    expect(failed).toContain("reaches what is desired, and then has nothing to do");
  });

  it("finds a plugin that brings nothing back", async () => {
    const failed = await failuresOf(() => ({ rollback: async () => undefined }));
    expect(failed).toEqual(["brings back what was saved, twice"]);
  });

  it("finds a plugin that changes something while it looks", async () => {
    const failed = await failuresOf((plugin) => ({
      check: async (changes, options) => {
        for (const change of changes) {
          await plugin.apply(change, { ...options, progress: () => undefined });
        }
        return [];
      },
    }));
    expect(failed).toEqual(["changes nothing while it looks"]);
  });

  it("finds a plugin that does not notice", async () => {
    const failed = await failuresOf((plugin) => ({
      query: async (keys, options) => {
        const states = await plugin.query(keys, options);
        return new Map([...states].map(([key, state]) => [key, { ...state, fingerprint: "same" }]));
      },
    }));
    expect(failed).toEqual(["sees what others change"]);
  });
});
