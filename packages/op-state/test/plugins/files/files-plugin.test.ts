import { chmod, mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createFilesPlugin } from "../../../src/plugins/index.ts";
import type { DesiredValue, StatePlugin } from "../../../src/index.ts";
import { reach, statePluginContract, type PluginHarness } from "../../../src/testing/index.ts";
import { openScratch } from "../../scratch.ts";
import { readTree } from "../../tree.ts";
import { reachesAnyState } from "../reaches-any-state.ts";

const signal = new AbortController().signal;

async function openHarness(): Promise<PluginHarness> {
  const scratch = await openScratch();
  const root = scratch.path;
  await mkdir(join(root, "etc"));
  await writeFile(
    join(root, "etc/passwd"),
    "root:x:0:0::/root:/bin/sh\nada:x:1000:1000::/:/bin/sh\n",
  );
  await writeFile(join(root, "etc/group"), "root:x:0:\nstaff:x:50:\n");
  await writeFile(join(root, "etc/motd"), "hello\n");
  await symlink("/etc/passwd", join(root, "etc/link"));
  return {
    plugin: createFilesPlugin({ root }),
    states: [
      [
        { key: "/etc/app", desired: { type: "directory", mode: "0750" } },
        { key: "/etc/app/conf", desired: { content: "a=1\n", mode: "0600" } },
        { key: "/etc/motd", desired: { template: "welcome to {{host}}\n", values: { host: "x" } } },
        { key: "/etc/link", desired: { content: "a file now" } },
      ],
      [
        { key: "/etc/app", desired: { type: "directory", mode: "0755", group: "staff" } },
        { key: "/etc/app/conf", desired: { contentBase64: "AP8=", owner: "ada" } },
        { key: "/etc/motd", desired: null },
        { key: "/etc/link", desired: { owner: "0" } },
      ],
    ],
    look: () => readTree(root),
    disturb: () => writeFile(join(root, "etc/motd"), "by hand"),
    [Symbol.asyncDispose]: () => scratch[Symbol.asyncDispose](),
  };
}

describe.skipIf(process.geteuid?.() !== 0)("the files plugin", () => {
  it.each(statePluginContract(openHarness))("$name", async ({ check }) => {
    await expect(check()).resolves.toBeUndefined();
  });

  it("reaches any state and returns from it", async () => {
    const name = fc.constantFrom("a", "b", "é x", ".dot");
    const value = fc.option(
      fc.record(
        {
          content: fc.string({ unit: "binary", maxLength: 40 }),
          mode: fc.constantFrom("0600", "644", "4755", "0000"),
          owner: fc.constantFrom("ada", "root", "1234"),
          group: fc.constantFrom("staff", "0"),
        },
        { requiredKeys: [] },
      ),
      { nil: null },
    );
    const state = fc
      .uniqueArray(fc.tuple(name, value), { selector: ([key]) => key })
      .map((entries) => entries.map(([key, desired]) => ({ key: `/etc/${key}`, desired })));
    await using harness = await openHarness();
    await expect(reachesAnyState(harness, state, 60)).resolves.toBeUndefined();
  }, 60_000);
});

async function change(plugin: StatePlugin, desired: DesiredValue) {
  const current = await plugin.query([desired.key], { signal });
  const [first] = await plugin.diff([desired], current, { signal });
  return first!;
}

async function problemsOf(plugin: StatePlugin, desired: DesiredValue) {
  const problems = await plugin.check?.([await change(plugin, desired)], { signal });
  return problems?.map(({ reason }) => reason);
}

describe.skipIf(process.geteuid?.() !== 0)("a managed file", () => {
  it("is never half there: a program may refuse it first", async () => {
    await using harness = await openHarness();
    const { plugin, look } = harness;
    const before = await look();
    const validate = [
      "/bin/sh",
      "-c",
      'grep -q good "$1" || { echo "not good"; exit 1; }',
      "sh",
      "{}",
    ];
    const bad = await change(plugin, { key: "/etc/motd", desired: { content: "bad", validate } });
    const messages: string[] = [];
    const progress = (message: string) => messages.push(message);
    await expect(plugin.apply(bad, { signal, progress })).rejects.toMatchObject({
      code: "ERR_STATE_CHANGE",
      message: expect.stringContaining("not good"),
    });
    expect(await look()).toEqual(before);
    expect(messages).toEqual(["asking /bin/sh"]);
    expect(bad.risk).toBe("privileged");
    await reach(plugin, [{ key: "/etc/motd", desired: { content: "good", validate } }]);
  });

  it("is not written through a symbolic link", async () => {
    await using harness = await openHarness();
    await using outside = await openScratch();
    await using scratch = await openScratch();
    const plugin = createFilesPlugin({ root: scratch.path });
    await symlink(outside.path, join(scratch.path, "linked"));
    await expect(plugin.query(["/linked/file"], { signal })).rejects.toMatchObject({
      code: "ERR_STATE_CHANGE",
      advice: "Name the real path: links on the way are not followed.",
    });
    expect(await readdir(outside.path)).toEqual([]);
    await reach(harness.plugin, [{ key: "/etc/link", desired: { content: "mine" } }]);
    expect(await readTree(outside.path)).toEqual({});
  });

  it("leaves nothing beside itself, whatever an earlier attempt left", async () => {
    await using harness = await openHarness();
    const desired = { key: "/etc/motd", desired: { content: "new" } };
    await reach(harness.plugin, [desired]);
    const names = Object.keys((await harness.look()) ?? {});
    expect(names.filter((name) => name.includes("op-state"))).toEqual([]);
  });

  it("says beforehand why it cannot be", async () => {
    await using harness = await openHarness();
    const { plugin } = harness;
    const check = (key: string, desired: DesiredValue["desired"]) =>
      problemsOf(plugin, { key, desired });
    expect(await check("/nowhere/file", {})).toEqual([
      "/nowhere does not exist: declare it, with type: directory, or require what makes it.",
    ]);
    expect(await check("/etc/x", { owner: "nobody-known" })).toEqual([
      "there is no user nobody-known.",
    ]);
    expect(await check("/etc", null)).toEqual(["it is not empty: group, link, motd, passwd."]);
    expect(await check("/etc/link", { mode: "0600" })).toEqual([
      "it is a symbolic link: declare its content to replace it.",
    ]);
    expect(await check("/etc", { content: "" })).toEqual([
      "it is a directory, and a file is desired: remove it first.",
    ]);
  });

  it("contradicts itself", async () => {
    await using harness = await openHarness();
    const cases = [
      [{ content: "a", template: "b" }, "only one of content, contentBase64 and template"],
      [{ type: "directory", content: "a" }, "a directory has no content"],
      [{ template: "{{missing}}" }, "{{missing}} has no value"],
    ] as const;
    for (const [desired, reason] of cases) {
      await expect(change(harness.plugin, { key: "/etc/motd", desired })).rejects.toMatchObject({
        code: "ERR_STATE_INPUT",
        message: expect.stringContaining(reason),
      });
    }
  });

  it("keeps what is not declared", async () => {
    await using scratch = await openScratch();
    const path = join(scratch.path, "kept");
    await writeFile(path, "content");
    await chmod(path, 0o640);
    const plugin = createFilesPlugin({ root: scratch.path });
    await reach(plugin, [{ key: "/kept", desired: { owner: "7" } }]);
    expect(await readFile(path, "utf8")).toBe("content");
    expect(await readTree(scratch.path)).toMatchObject({ kept: { mode: 0o100_640, uid: 7 } });
  });
});
