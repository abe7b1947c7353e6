import { execFile } from "node:child_process";
import { mkdir, readdir, readFile, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createFilesPlugin, createSubvolumesPlugin } from "../../../src/plugins/index.ts";
import {
  createMemoryStore,
  openStateEngine,
  parseDesiredState,
  type DesiredValue,
} from "../../../src/index.ts";
import { statePluginContract, type PluginHarness } from "../../../src/testing/index.ts";
import { openScratch } from "../../scratch.ts";
import { reachesAnyState } from "../reaches-any-state.ts";

const execute = promisify(execFile);
const signal = new AbortController().signal;
const author = { who: "ada", why: "a test" };

describe.skipIf(process.geteuid?.() !== 0)("subvolumes of a real btrfs", () => {
  const stack = new AsyncDisposableStack();
  let root: string;
  let serial = 0;

  beforeAll(async () => {
    const { path } = stack.use(await openScratch());
    const image = join(path, "disk");
    await writeFile(image, "");
    await truncate(image, 256 * 2 ** 20);
    await execute("mkfs.btrfs", ["--quiet", image]);
    root = join(path, "mounted");
    await mkdir(root);
    await execute("mount", ["-o", "loop", image, root]);
    stack.defer(async () => {
      await execute("umount", [root]);
    });
  }, 60_000);

  afterAll(() => stack.disposeAsync(), 60_000);

  /** What is below a folder, but for snapshots. */
  async function look(folder: string) {
    const names = await readdir(join(root, folder), { recursive: true, withFileTypes: true });
    const files = names
      .filter((entry) => entry.isFile() && !entry.parentPath.includes(".op-state-snapshots"))
      .map(async (entry) => {
        const path = join(entry.parentPath, entry.name);
        return [path, await readFile(path, "utf8")] as const;
      });
    const folders = names.filter((entry) => entry.isDirectory() && !entry.name.startsWith("."));
    const modes = folders
      .filter((entry) => !entry.parentPath.includes(".op-state-snapshots"))
      .map(async (entry) => {
        const path = join(entry.parentPath, entry.name);
        const { stdout } = await execute("btrfs", ["property", "get", "-ts", path, "ro"]);
        return [path, stdout.trim()] as const;
      });
    return {
      files: Object.fromEntries(await Promise.all(files)),
      modes: Object.fromEntries(await Promise.all(modes)),
    };
  }

  async function openHarness(): Promise<PluginHarness & { readonly folder: string }> {
    serial += 1;
    const folder = `/case-${serial}`;
    await mkdir(join(root, folder));
    await execute("btrfs", ["subvolume", "create", join(root, folder, "data")]);
    await writeFile(join(root, folder, "data/file"), "precious");
    return {
      folder,
      plugin: createSubvolumesPlugin({ root, keep: 3 }),
      states: [
        [
          { key: `${folder}/data`, desired: { readOnly: true } },
          { key: `${folder}/more`, desired: {} },
        ],
        [
          { key: `${folder}/data`, desired: null },
          { key: `${folder}/more`, desired: { readOnly: true } },
        ],
      ],
      look: () => look(folder),
      disturb: async () => {
        await execute("btrfs", ["property", "set", join(root, folder, "data"), "ro", "false"]);
      },
      [Symbol.asyncDispose]: async () => undefined,
    };
  }

  it.each(statePluginContract(openHarness))("$name", { timeout: 60_000 }, async ({ check }) => {
    await expect(check()).resolves.toBeUndefined();
  });

  it("reach any state and return from it", { timeout: 60_000 }, async () => {
    await using harness = await openHarness();
    const value = fc.option(fc.record({ readOnly: fc.boolean() }, { requiredKeys: [] }), {
      nil: null,
    });
    const key = fc.constantFrom(`${harness.folder}/data`, `${harness.folder}/other`);
    const states = fc.tuple(key, value).map(([name, desired]) => [{ key: name, desired }]);
    await expect(reachesAnyState(harness, states, 10)).resolves.toBeUndefined();
  });

  it("go back with the run that they stood beside, and forward again", async () => {
    const { folder } = await openHarness();
    const key = `${folder}/data`;
    const file = join(root, key, "file");
    const plugins = [createSubvolumesPlugin({ root }), createFilesPlugin({ root })];
    const store = createMemoryStore();
    const alongside = [{ plugin: "subvolumes", key }];
    await using engine = await openStateEngine({ plugins, store, alongside });
    const state = { files: { [`${folder}/motd`]: { content: "hello\n" } } };
    const desired = parseDesiredState({ version: 1, state }, plugins);
    const run = await engine.apply(await engine.plan(desired), author);
    await writeFile(file, "spoiled");
    await writeFile(join(root, key, "new"), "after");
    const back = await engine.rollback(run.id, author);
    expect(await readFile(file, "utf8")).toBe("precious");
    expect(await readdir(join(root, key))).toEqual(["file"]);
    expect(await readdir(join(root, folder))).not.toContain("motd");
    await engine.rollback(back.id, author);
    expect(await readFile(file, "utf8")).toBe("spoiled");
    expect(await readFile(join(root, folder, "motd"), "utf8")).toBe("hello\n");
  }, 30_000);

  it("keep as many snapshots as told, and say when one is gone", async () => {
    const { plugin, folder } = await openHarness();
    const key = `${folder}/data`;
    const first = await plugin.checkpoint([key], { signal });
    for (let index = 0; index < 3; index += 1) await plugin.checkpoint([key], { signal });
    expect(await readdir(join(root, folder, ".op-state-snapshots"))).toHaveLength(3);
    await writeFile(join(root, key, "file"), "spoiled");
    const restored = plugin.rollback(key, first.get(key)!, { signal });
    await expect(restored).rejects.toThrow("was removed.");
    expect(await readFile(join(root, key, "file"), "utf8")).toBe("spoiled");
  });

  it("are refused beforehand where they cannot be", async () => {
    const { plugin, folder } = await openHarness();
    await writeFile(join(root, folder, "plain"), "");
    await execute("btrfs", ["subvolume", "create", join(root, folder, "data/inner")]);
    const reasonOf = async (desired: DesiredValue) => {
      const current = await plugin.query([desired.key], { signal });
      const changes = await plugin.diff([desired], current, { signal });
      return (await plugin.check?.(changes, { signal }))?.map(({ reason }) => reason);
    };
    const cases = [
      ["plain", {}, "it is there, and is no subvolume."],
      ["none/data", {}, `${folder}/none does not exist.`],
      ["data", null, "there are subvolumes in it:"],
    ] as const;
    for (const [name, desired, reason] of cases) {
      const found = await reasonOf({ key: `${folder}/${name}`, desired });
      expect(found).toEqual([expect.stringContaining(reason)]);
    }
    const saved = plugin.checkpoint([`${folder}/data`], { signal });
    await expect(saved).rejects.toThrow("snapshots leave out the subvolumes in it");
    const elsewhere = createSubvolumesPlugin({ root: "/proc/self/cwd" });
    const [change] = await elsewhere.diff([{ key: "/x", desired: {} }], new Map(), { signal });
    const problems = await elsewhere.check?.([change!], { signal });
    expect(problems?.map(({ reason }) => reason)).toEqual(["/ is not on btrfs."]);
  });
});
