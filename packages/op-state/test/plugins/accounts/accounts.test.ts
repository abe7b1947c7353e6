import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import * as fc from "fast-check";
import type { JsonObject } from "op-core";
import { describe, expect, it } from "vitest";
import {
  createFilesPlugin,
  createGroupsPlugin,
  createUsersPlugin,
} from "../../../src/plugins/index.ts";
import {
  createMemoryStore,
  openStateEngine,
  parseDesiredState,
  type DesiredValue,
  type StatePlugin,
} from "../../../src/index.ts";
import { reach, statePluginContract, type PluginHarness } from "../../../src/testing/index.ts";
import { readAccountFiles, secret, writeAccounts } from "../../fixtures/accounts.ts";
import { openScratch, type Scratch } from "../../scratch.ts";
import { reachesAnyState } from "../reaches-any-state.ts";

const execute = promisify(execFile);
const signal = new AbortController().signal;
const quiet = { signal, progress: () => undefined };
const author = { who: "ada", why: "a test" };

async function openRoot(): Promise<Scratch> {
  const scratch = await openScratch();
  await writeAccounts(scratch.path);
  return scratch;
}

function harnessOf(
  { path, ...scratch }: Scratch,
  rest: Pick<PluginHarness, "plugin" | "states" | "disturb">,
): PluginHarness {
  return { ...scratch, ...rest, look: () => readAccountFiles(path) };
}

async function openUsers(): Promise<PluginHarness> {
  const scratch = await openRoot();
  const passwd = join(scratch.path, "etc/passwd");
  return harnessOf(scratch, {
    plugin: createUsersPlugin({ root: scratch.path }),
    states: [
      [
        { key: "ada", desired: { shell: "/bin/bash", groups: ["video"], locked: true } },
        { key: "eve", desired: { uid: 1234, comment: "Ève", groups: ["sudo", "users"] } },
        { key: "bob", desired: { locked: false, home: "/srv/bob" } },
        { key: "backup", desired: { system: true, group: "users" } },
      ],
      [
        { key: "ada", desired: null },
        { key: "eve", desired: { group: "users", groups: [] } },
        { key: "bob", desired: { groups: ["sudo"] } },
        { key: "backup", desired: null },
      ],
    ],
    disturb: async () => {
      const text = await readFile(passwd, "utf8");
      await writeFile(passwd, text.replace("/srv/bob", "/elsewhere"));
    },
  });
}

async function openGroups(): Promise<PluginHarness> {
  const scratch = await openRoot();
  const group = join(scratch.path, "etc/group");
  return harnessOf(scratch, {
    plugin: createGroupsPlugin({ root: scratch.path }),
    states: [
      [
        { key: "deploy", desired: { gid: 4000 } },
        { key: "metrics", desired: { system: true } },
        { key: "video", desired: null },
      ],
      [
        { key: "deploy", desired: null },
        { key: "metrics", desired: {} },
        { key: "video", desired: {} },
      ],
    ],
    disturb: async () => {
      const text = await readFile(group, "utf8");
      await writeFile(group, text.replace("deploy:x:4000:\n", ""));
    },
  });
}

async function problemsOf(plugin: StatePlugin, key: string, desired: DesiredValue["desired"]) {
  const current = await plugin.query([key], { signal });
  const changes = await plugin.diff([{ key, desired }], current, { signal });
  return (await plugin.check?.(changes, { signal }))?.map(({ reason }) => reason);
}

describe.skipIf(process.geteuid?.() !== 0)("accounts", () => {
  const groups = fc.uniqueArray(fc.constantFrom("sudo", "video", "users"));
  const user = fc.record(
    {
      group: fc.constantFrom("users", "video"),
      groups,
      comment: fc.constantFrom("", "Ada Ünal"),
      shell: fc.constantFrom("/bin/sh", "/bin/bash"),
      system: fc.boolean(),
    },
    { requiredKeys: [] },
  );
  const group = fc.record({ system: fc.boolean() }, { requiredKeys: [] });
  const anyOf = (names: readonly string[], value: fc.Arbitrary<JsonObject>) =>
    fc
      .uniqueArray(fc.tuple(fc.constantFrom(...names), fc.option(value, { nil: null })), {
        selector: ([key]) => key,
      })
      .map((entries) => entries.map(([key, desired]) => ({ key, desired })));

  describe.each([
    ["users", openUsers, anyOf(["ada", "bob", "eve", "_ws"], user)],
    ["groups", openGroups, anyOf(["sudo", "video", "new"], group)],
  ] as const)("the %s plugin", (_, open, states) => {
    it.each(statePluginContract(open))("$name", async ({ check }) => {
      await expect(check()).resolves.toBeUndefined();
    });

    it("reaches any state and returns from it", { timeout: 60_000 }, async () => {
      await using harness = await open();
      await expect(reachesAnyState(harness, states, 25)).resolves.toBeUndefined();
    });
  });

  it("keep what they do not change, to the byte, and give free numbers", async () => {
    await using scratch = await openRoot();
    const plugin = createUsersPlugin({ root: scratch.path });
    const desired = [{ key: "eve", desired: { groups: ["video"] } }];
    const [change] = await plugin.diff(desired, await plugin.query(["eve"], { signal }), {
      signal,
    });
    await plugin.apply(change!, quiet);
    const text = async (name: string) => readFile(join(scratch.path, "etc", name), "utf8");
    expect(await text("passwd")).toContain(
      "bob:x:1001:100::/home/bob:/bin/sh\neve:x:1002:1002::/home/eve:/bin/bash\n+::::::\n",
    );
    expect(await text("group")).toContain("ada:x:1000:\nvideo:x:44:ada,bob,eve\neve:x:1002:\n");
    expect(await text("shadow")).toMatch(/\neve:!:\d+:0:99999:7:::\n$/u);
  });

  it("leave every group they were in or were to look after", async () => {
    await using scratch = await openRoot();
    await reach(createUsersPlugin({ root: scratch.path }), [{ key: "ada", desired: null }]);
    const text = async (name: string) => readFile(join(scratch.path, "etc", name), "utf8");
    expect(await text("group")).toBe("root:x:0:\nsudo:x:27:bob\nusers:x:100:\nvideo:x:44:bob\n");
    expect(await text("gshadow")).toBe("root:*::\nsudo:*::bob\nvideo:*:root,bob:bob\nusers:*::\n");
  });

  it("are never shown with their passwords", async () => {
    await using scratch = await openRoot();
    const plugins = [createUsersPlugin({ root: scratch.path })];
    await using engine = await openStateEngine({ plugins, store: createMemoryStore() });
    const state = { users: { ada: { locked: true }, bob: "absent" } };
    const desired = parseDesiredState({ version: 1, state }, plugins);
    const plan = await engine.plan(desired);
    const record = await engine.apply(plan, author);
    expect(JSON.stringify([plan, record, await engine.verify(desired)])).not.toContain(secret);
  });

  it("come with the groups and files that belong to them, in one plan", async () => {
    await using scratch = await openRoot();
    const root = scratch.path;
    const plugins = [
      createFilesPlugin({ root }),
      createUsersPlugin({ root }),
      createGroupsPlugin({ root }),
    ];
    await using engine = await openStateEngine({ plugins, store: createMemoryStore() });
    const state = {
      files: {
        "/srv": { type: "directory", owner: "eve", group: "deploy" },
        "/srv/key": { content: "ssh-ed25519 AAAA eve\n", owner: "eve", group: "eve", mode: "0600" },
      },
      users: { eve: { groups: ["deploy"] } },
      groups: { deploy: {} },
    };
    const before = await readAccountFiles(root);
    const plan = await engine.plan(parseDesiredState({ version: 1, state }, plugins));
    expect(plan.changes.map(({ plugin, key }) => `${plugin}:${key}`)).toEqual([
      "groups:deploy",
      "users:eve",
      "files:/srv",
      "files:/srv/key",
    ]);
    const run = await engine.apply(plan, author);
    await engine.rollback(run.id, author);
    expect(await readAccountFiles(root)).toEqual(before);
  });

  it("are refused before anything changes, with what to do", async () => {
    await using scratch = await openRoot();
    const users = createUsersPlugin({ root: scratch.path });
    const all = createGroupsPlugin({ root: scratch.path });
    expect(await problemsOf(users, "root", null)).toEqual(["it is root."]);
    expect(await problemsOf(users, "eve", { uid: 1000 })).toEqual(["ada has the number 1000."]);
    expect(await problemsOf(users, "ada", { uid: 5 })).toEqual([
      expect.stringContaining("cannot be changed"),
    ]);
    expect(await problemsOf(users, "eve", { groups: ["none"] })).toEqual([
      "there is no group none.",
    ]);
    expect(await problemsOf(users, "eve", { shell: "/bin/none" })).toEqual([
      "there is no program /bin/none.",
    ]);
    expect(await problemsOf(users, "eve", { locked: false })).toEqual([
      "it has no password, so unlocked it would let anybody in: run passwd eve.",
    ]);
    expect(await problemsOf(all, "users", null)).toEqual([
      "it is the primary group of bob: give that user another, or remove it too.",
    ]);
    expect(await problemsOf(all, "deploy", { gid: 27 })).toEqual(["sudo has the number 27."]);
  });

  it("are changed beside the machine's own programs, and none loses an entry", async () => {
    await using scratch = await openRoot();
    const root = scratch.path;
    const plugin = createUsersPlugin({ root });
    const theirs = ["ann", "ben", "cat", "dan", "eli"];
    const ours = theirs.map((name) => `our-${name}`);
    const all = [...theirs, ...ours].toSorted();
    await Promise.all([
      ...theirs.map((name) => execute("useradd", ["--root", root, "--no-create-home", name])),
      ...ours.map((key) => reach(plugin, [{ key, desired: { groups: ["users"] } }])),
    ]);
    const lines = async (file: string) =>
      (await readFile(join(root, "etc", file), "utf8")).split("\n");
    for (const file of ["passwd", "shadow", "group", "gshadow"]) {
      const names = (await lines(file)).flatMap((line) => line.split(":")[0] ?? []);
      expect(names.filter((name) => all.includes(name)).toSorted()).toEqual(all);
    }
    const numbers = (await lines("passwd")).flatMap((line) => line.split(":")[2] || []);
    expect(new Set(numbers).size).toBe(numbers.length);
    await expect(execute("grpck", ["--root", root, "--read-only"])).resolves.toBeDefined();
  }, 60_000);

  it("wait for programs that have locked them", async () => {
    await using scratch = await openRoot();
    const lock = join(scratch.path, "etc/.pwd.lock");
    const script = `import fcntl,sys\nf=open(${JSON.stringify(lock)},"w")\nfcntl.lockf(f,fcntl.LOCK_EX)\nprint("locked",flush=True)\nsys.stdin.read()`;
    const holder = spawn("python3", ["-c", script], { stdio: ["pipe", "pipe", "inherit"] });
    await once(holder.stdout, "data");
    const before = await readAccountFiles(scratch.path);
    const plugin = createUsersPlugin({ root: scratch.path });
    const desired = [{ key: "bob", desired: null }];
    const [change] = await plugin.diff(desired, await plugin.query(["bob"], { signal }), {
      signal,
    });
    const impatient = { ...quiet, signal: AbortSignal.timeout(300) };
    await expect(plugin.apply(change!, impatient)).rejects.toMatchObject({ name: "TimeoutError" });
    expect(await readAccountFiles(scratch.path)).toEqual(before);
    const applied = plugin.apply(change!, quiet);
    holder.stdin.end();
    await applied;
    expect(await plugin.query(["bob"], { signal })).toMatchObject(
      new Map([["bob", { value: null }]]),
    );
  });
});
